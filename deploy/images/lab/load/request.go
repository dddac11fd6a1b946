// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sort"
	"sync"
	"time"
)

// counter keeps what became of one target's requests.
type counter struct {
	mu        sync.Mutex
	kind      string
	target    string
	requests  int
	failed    int
	latencies []time.Duration // of the successes; a minute of load is a few thousand
	worst     time.Duration
}

func newCounter(kind, target string) *counter { return &counter{kind: kind, target: target} }

func (c *counter) record(took time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	if err != nil {
		c.failed++
		return
	}
	c.latencies = append(c.latencies, took)
	c.worst = max(c.worst, took)
}

func (c *counter) snapshot() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	sorted := append([]time.Duration(nil), c.latencies...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	quantile := func(q float64) float64 {
		if len(sorted) == 0 {
			return 0
		}
		return float64(sorted[int(q*float64(len(sorted)-1))].Microseconds()) / 1000
	}
	return map[string]any{
		"kind": c.kind, "target": c.target, "requests": c.requests, "failed": c.failed,
		"p50Ms": quantile(0.5), "p99Ms": quantile(0.99), "maxMs": float64(c.worst.Microseconds()) / 1000,
	}
}

// openLoop starts a request at each tick whether or not earlier ones have ended, so that a slow
// answer never lowers the rate at which others are tried.
func openLoop(ctx context.Context, opts options, c *counter, out *output,
	request func(string, time.Duration) error) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / opts.rate))
	defer tick.Stop()
	var pending sync.WaitGroup
	for {
		select {
		case <-ctx.Done():
			pending.Wait()
			return
		case <-tick.C:
			pending.Add(1)
			go func() {
				defer pending.Done()
				began := time.Now()
				err := request(c.target, opts.deadline)
				took := time.Since(began)
				c.record(took, err)
				if err != nil {
					out.emit("failure", map[string]any{
						"kind": c.kind, "target": c.target, "error": err.Error(),
						"began": began.UTC().Format(time.RFC3339Nano), "tookMs": took.Milliseconds(),
					})
				}
			}()
		}
	}
}

// httpRequest is one new TCP connection, one GET /hostname and its 200. The client closes, so that
// TIME_WAIT rests with the side that chooses the port. Were it the server's, a port taken again under
// another address of the same server (a Service's, then a backend's) would arrive there with an
// unrelated sequence number and wait a second for its second SYN: a quirk of TCP, and no lost packet.
func httpRequest(target string, deadline time.Duration) error {
	until := time.Now().Add(deadline)
	conn, err := net.DialTimeout("tcp", target, deadline)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(until); err != nil {
		return err
	}
	return exchange(conn, bufio.NewReader(conn), target, "keep-alive")
}

// exchange sends one request on an open connection and reads its whole answer.
func exchange(conn net.Conn, reader *bufio.Reader, target, connection string) error {
	_, err := fmt.Fprintf(conn, "GET /hostname HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n", target, connection)
	if err != nil {
		return err
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	buffer := make([]byte, 256)
	for {
		if _, err := response.Body.Read(buffer); err != nil {
			break
		}
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

// udpQuery is one datagram from a fresh socket and its answer, as a resolver does it.
func udpQuery(target string, deadline time.Duration) error {
	conn, err := net.Dial("udp", target)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("hostname")); err != nil {
		return err
	}
	buffer := make([]byte, 512)
	n, err := conn.Read(buffer)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("empty answer")
	}
	return nil
}
