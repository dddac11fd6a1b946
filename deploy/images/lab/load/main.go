// SPDX-License-Identifier: Apache-2.0

// Command margay-load keeps new TCP connections, UDP queries and one long TCP stream going against
// agnhost netexec servers, and counts what fails. It never retries: a request is one connect with
// its HTTP 200, or one UDP answer, within the deadline.
//
// It writes JSON lines: {"event":"failure",...} when a request fails, {"event":"progress",...} every
// second, and one {"event":"summary",...} after SIGTERM, SIGINT or --duration.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

type targetList []string

func (t *targetList) String() string { return strings.Join(*t, ",") }

// Set appends one "host:port"; the flag may be given several times.
func (t *targetList) Set(value string) error {
	*t = append(*t, value)
	return nil
}

type options struct {
	name     string
	tcp      targetList
	udp      targetList
	streams  targetList
	rate     float64
	deadline time.Duration
	duration time.Duration
	settle   time.Duration
}

func parseOptions() (options, error) {
	var o options
	flag.StringVar(&o.name, "name", "load", "name of this client in every line")
	flag.Var(&o.tcp, "tcp", "host:port of an HTTP server; repeatable")
	flag.Var(&o.udp, "udp", "host:port of an agnhost UDP server; repeatable")
	flag.Var(&o.streams, "stream", "host:port for a long-lived connection; repeatable")
	flag.Float64Var(&o.rate, "rate", 50, "requests a second for each target")
	flag.DurationVar(&o.deadline, "deadline", 900*time.Millisecond, "time a request may take")
	flag.DurationVar(&o.duration, "duration", 0, "stop after this time; 0: run until a signal")
	flag.DurationVar(&o.settle, "settle", 0, "wait at most this long for each target's first answer; nothing is counted before")
	flag.Parse()
	if o.rate <= 0 || o.rate > 1000 {
		return o, fmt.Errorf("--rate %v: must be above 0 and at most 1000", o.rate)
	}
	if len(o.tcp)+len(o.udp)+len(o.streams) == 0 {
		return o, fmt.Errorf("nothing to do: give --tcp, --udp or --stream")
	}
	return o, nil
}

// output serialises JSON lines from many goroutines.
type output struct {
	mu   sync.Mutex
	name string
	enc  *json.Encoder
}

func (o *output) emit(event string, fields map[string]any) {
	fields["event"] = event
	fields["client"] = o.name
	fields["time"] = time.Now().UTC().Format(time.RFC3339Nano)
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.enc.Encode(fields)
}

func main() {
	opts, err := parseOptions()
	if err != nil {
		fmt.Fprintln(os.Stderr, "margay-load:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if opts.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.duration)
		defer cancel()
	}
	out := &output{name: opts.name, enc: json.NewEncoder(os.Stdout)}
	settle(ctx, opts)
	run(ctx, opts, out)
}

// settle returns when every target has answered once, or when the time for that is over. A pod's IPv6 may
// be a second behind its first process: the CNI plugin does not wait until the gateway's address has
// passed the kernel's detection of duplicates.
func settle(ctx context.Context, opts options) {
	ctx, cancel := context.WithTimeout(ctx, opts.settle)
	defer cancel()
	var wg sync.WaitGroup
	wait := func(target string, request func(string, time.Duration) error) {
		defer wg.Done()
		for ctx.Err() == nil && request(target, opts.deadline) != nil {
			time.Sleep(50 * time.Millisecond)
		}
	}
	for _, t := range opts.tcp {
		wg.Add(1)
		go wait(t, httpRequest)
	}
	for _, t := range opts.udp {
		wg.Add(1)
		go wait(t, udpQuery)
	}
	wg.Wait()
}

func run(ctx context.Context, opts options, out *output) {
	var wg sync.WaitGroup
	counters := []*counter{}
	start := func(kind, target string, request func(string, time.Duration) error) {
		c := newCounter(kind, target)
		counters = append(counters, c)
		wg.Add(1)
		go func() { defer wg.Done(); openLoop(ctx, opts, c, out, request) }()
	}
	for _, t := range opts.tcp {
		start("tcp", t, httpRequest)
	}
	for _, t := range opts.udp {
		start("udp", t, udpQuery)
	}
	streams := []*stream{}
	for _, t := range opts.streams {
		s := &stream{target: t, deadline: opts.deadline, out: out}
		streams = append(streams, s)
		wg.Add(1)
		go func() { defer wg.Done(); s.run(ctx) }()
	}
	reportProgress(ctx, counters, streams, out)
	wg.Wait()
	out.emit("summary", report(counters, streams))
}

func reportProgress(ctx context.Context, counters []*counter, streams []*stream, out *output) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			out.emit("progress", report(counters, streams))
		}
	}
}

func report(counters []*counter, streams []*stream) map[string]any {
	targets := []any{}
	for _, c := range counters {
		targets = append(targets, c.snapshot())
	}
	long := []any{}
	for _, s := range streams {
		long = append(long, s.snapshot())
	}
	return map[string]any{"targets": targets, "streams": long}
}
