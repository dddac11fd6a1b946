// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"net"
	"sync"
	"time"
)

const streamPeriod = 50 * time.Millisecond

// stream is one connection that exchanges a request every streamPeriod for as long as it lives; a
// broken one is counted, and a new one opened in its place.
type stream struct {
	target   string
	deadline time.Duration
	out      *output

	mu         sync.Mutex
	opened     int
	broken     int
	exchanges  int
	longestGap time.Duration
}

func (s *stream) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.live(ctx)
		if ctx.Err() != nil {
			return
		}
		s.mu.Lock()
		s.broken++
		s.mu.Unlock()
		s.out.emit("stream", map[string]any{"target": s.target, "state": "broken", "error": err.Error()})
		time.Sleep(streamPeriod)
	}
}

func (s *stream) live(ctx context.Context) error {
	conn, err := net.DialTimeout("tcp", s.target, s.deadline)
	if err != nil {
		return err
	}
	defer conn.Close()
	s.mu.Lock()
	s.opened++
	s.mu.Unlock()
	reader := bufio.NewReader(conn)
	last := time.Now()
	for ctx.Err() == nil {
		// A stalled stream gets time to recover: what counts is whether the connection survives.
		_ = conn.SetDeadline(time.Now().Add(15 * time.Second))
		if err := exchange(conn, reader, s.target, "keep-alive"); err != nil {
			return err
		}
		now := time.Now()
		s.mu.Lock()
		s.exchanges++
		s.longestGap = max(s.longestGap, now.Sub(last))
		s.mu.Unlock()
		last = now
		time.Sleep(streamPeriod)
	}
	return nil
}

func (s *stream) snapshot() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{
		"target": s.target, "opened": s.opened, "broken": s.broken, "exchanges": s.exchanges,
		"longestGapMs": s.longestGap.Milliseconds(),
	}
}
