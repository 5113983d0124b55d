package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"zhijian/ground/clock"
	"zhijian/store/visitlog"
)

// TestOldVisitsGo: a running house deletes what it has counted and kept for 200 days, and keeps the numbers.
func TestOldVisitsGo(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	n.shut()
	at := filepath.Join(n.c.Data, "visits", "log")
	if err := os.RemoveAll(at); err != nil {
		t.Fatal(err)
	}
	logs, err := visitlog.Folder(at)
	if err != nil {
		t.Fatal(err)
	}
	then := clock.At((&clock.System{}).Now().AddDate(0, 0, -201))
	l, err := visitlog.Open(t.Context(), visitlog.Options{Folder: logs, Node: 1, Clock: then, SegmentBytes: 4096})
	if err != nil {
		t.Fatal(err)
	}
	lot := make([]visitlog.Visit, 1000)
	for i := range lot {
		lot[i] = visitlog.Visit{At: then.Now().UnixMilli(), Account: uint32(i), Person: uint32(i) + 1, Kind: visitlog.View}
	}
	for range 3 {
		if err := l.Append(t.Context(), lot); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(at, "0000000001.visits")
	if _, err := os.Stat(first); err != nil {
		t.Fatal(err)
	}
	n.start()
	n.has(3000) // counted
	n.shut()
	n.start() // which thins what is counted
	n.until("the oldest part is deleted", func() bool {
		_, err := os.Stat(first)
		return errors.Is(err, os.ErrNotExist)
	})
	n.has(3000)
	months, err := n.h.VisitMonths(t.Context(), allMonths)
	if err != nil || len(months.Accounts) != 1000 || months.Accounts[0].Views != 3 {
		t.Errorf("%d accounts, %v", len(months.Accounts), err)
	}
}
