// Package testkit is what tests of all rooms stand on: fresh real databases, a clock that
// stands still, and keys. Only tests import it.
//
// Databases are real. SQLite tests get a file of their own, copied from one that was migrated
// once. Postgres tests get a database of their own in a real cluster; when PostgreSQL is not
// installed they fail and name the package, they never skip.
package testkit

import (
	"bytes"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
)

// Now is where Clock stands: 2026-05-26 14:08 in Shanghai, a Tuesday afternoon in office hours.
func Now() time.Time { return time.Date(2026, 5, 26, 6, 8, 0, 0, time.UTC) }

// Clock gives a clock that stands at Now until it is moved.
func Clock() *clock.Fixed { return clock.At(Now()) }

// Ring gives a seal ring with one fixed AES key.
func Ring(t testing.TB) *seal.Ring {
	t.Helper()
	r, err := seal.New(seal.Key{Version: 1, Suite: seal.AES, Secret: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatalf("make seal ring: %v", err)
	}
	return r
}
