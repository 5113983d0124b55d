package server_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
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

// TestOldVisitorsAreForgotten: a running house drops who came more than thirteen months ago, and keeps how many they were.
func TestOldVisitorsAreForgotten(t *testing.T) {
	t.Parallel()
	n := openNode(t, "")
	now := (&clock.System{}).Now()
	var text []byte
	for _, at := range []time.Time{now.AddDate(0, -15, 0), now.AddDate(0, -12, 0)} {
		for i := range 900 {
			text = ndjson.Append(text, visitlog.Visit{At: at.UnixMilli(), Account: uint32(i%3) + 1, Person: uint32(i%100) + 1, Kind: visitlog.Read})
		}
	}
	if status, r := n.post("", bytes.NewReader(text)); status != 200 || r.Accepted != 1800 {
		t.Fatalf("%d: %+v", status, r)
	}
	n.has(1800)
	want, err := n.h.VisitMonths(t.Context(), allMonths)
	if err != nil || len(want.Accounts) != 6 || want.Accounts[0].People != 100 {
		t.Fatalf("%+v, %v", want, err)
	}
	n.shut()
	n.start() // which forgets
	n.until("people are forgotten", func() bool {
		list, err := filepath.Glob(filepath.Join(n.c.Data, "visits", "fold", "*.crowds"))
		return err == nil && len(list) == 1
	})
	got, err := n.h.VisitMonths(t.Context(), allMonths)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	n.shut()
	folder, err := visitlog.Folder(filepath.Join(n.c.Data, "visits", "fold"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := visitlog.OpenFold(t.Context(), visitlog.FoldOptions{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	groups, err := f.Distinct(t.Context(), allMonths, func(uint32) (uint32, bool) { return 0, true })
	if crowds := f.Crowds(allMonths); err != nil || len(groups) != 1 || groups[0].People != 100 || len(crowds) != 3 {
		t.Errorf("left are %v and %v, %v", groups, crowds, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err := server.CheckVisits(t.Context(), n.c.Data); err != nil || c.Wrong != "" || c.Folded != 1800 {
		t.Errorf("%+v, %v", c, err)
	}
}
