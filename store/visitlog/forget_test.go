package visitlog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
)

// tens and single are groupings of accounts by number, and what they are called.
func tens(account uint32) (uint32, bool) { return account / 10, account < 100_000 }

func single(account uint32) (uint32, bool) { return account, true }

func named(by visitlog.Grouping) visitlog.Naming {
	return func(account uint32) (string, bool, error) {
		g, in := by(account)
		return fmt.Sprint(g), in, nil
	}
}

var bothNamings = []visitlog.Naming{named(tens), named(single)}

// remembered is what is known of each month: what Months counts, and the people of forgotten months.
func remembered(t *testing.T, f *visitlog.Fold) [][]visitlog.Monthly {
	t.Helper()
	lists, err := f.Months(context.Background(), always, tens, single)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Crowds(always) {
		found := false
		for i := range lists[c.Naming] {
			if m := &lists[c.Naming][i]; m.Month == c.Month && fmt.Sprint(m.Group) == c.Name {
				if found = true; m.People != 0 && m.People != c.People {
					t.Fatalf("%+v: counted %d as well", c, m.People)
				}
				m.People = c.People
			}
		}
		if !found {
			t.Fatalf("%+v: a group that was not visited", c)
		}
	}
	return lists
}

func (m *model) remembered() [][]visitlog.Monthly {
	return [][]visitlog.Monthly{m.months(always, tens), m.months(always, single)}
}

func checkForgotten(t *testing.T, f *visitlog.Fold, before visitlog.Month) {
	t.Helper()
	groups, err := f.Distinct(context.Background(), visitlog.Span{Last: before - 1}, single)
	if err != nil || len(groups) != 0 {
		t.Fatalf("before %d there are people of %d accounts, %v", before, len(groups), err)
	}
}

// Three years go by; each month the people of more than thirteen months ago are forgotten and their number is not, however often the
// fold is opened again or merged. What the log still holds is recounted all the while.
func TestForget(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	now := clock.At(time.Date(2023, 12, 15, 12, 0, 0, 0, clock.Shanghai))
	logs := newMemory()
	o := options(logs)
	o.Clock, o.SegmentBytes = now, 2000
	l := mustOpen(t, o)
	defer mustClose(t, l)
	fo := visitlog.FoldOptions{Folder: newMemory(), Logs: []visitlog.Source{{Folder: logs, Log: l}}}
	f := mustFold(t, fo)
	m := newModel()
	r := rand.New(rand.NewPCG(3, 3))
	total := uint64(0)
	for month := range 36 {
		now.Advance(30*24*time.Hour + 11*time.Hour)
		for range 3 {
			lot := make([]visitlog.Visit, 60)
			for i := range lot {
				lot[i] = oddVisit(r)
				lot[i].At = now.Now().UnixMilli() + int64(i)
			}
			mustAppend(t, l, lot)
			m.add(lot)
			total += uint64(len(lot))
			mustRun(t, f)
		}
		if _, err := f.Retain(ctx, now.Now().AddDate(0, 0, -200)); err != nil {
			t.Fatal(err)
		}
		at := now.Now().AddDate(0, -13, 0)
		before := visitlog.Month(at.Year()*100 + int(at.Month()))
		gone, err := f.Forget(ctx, before, bothNamings...)
		if err != nil || (len(gone) > 0) != (month > 13) {
			t.Fatalf("month %d: forgot %v, %v", month, gone, err)
		}
		if again, err := f.Forget(ctx, before, bothNamings...); err != nil || len(again) > 0 {
			t.Fatalf("forgot twice: %v, %v", again, err)
		}
		checkForgotten(t, f, before)
		if month%5 == 0 {
			mustClose(t, f)
			f = mustFold(t, fo)
		}
		if d := cmp.Diff(m.remembered(), remembered(t, f)); d != "" {
			t.Fatalf("month %d: %s", month, d)
		}
		if month%3 > 0 {
			continue
		}
		rep, err := f.Verify(ctx, newMemory())
		if err != nil || rep.Wrong != nil || rep.Visits+rep.Deleted != total || month > 12 && rep.Deleted == 0 {
			t.Fatalf("month %d: %+v, %v", month, rep, err)
		}
		if err := f.Compact(ctx); err != nil {
			t.Fatal(err)
		}
	}
	names, err := fo.Folder.List()
	crowds := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".crowds") {
			crowds++
		}
	}
	if err != nil || crowds != 1 {
		t.Errorf("files %v, %v", names, err)
	}

	// Who comes late to a forgotten month is a visit and no longer a person; the log has more than the fold, and that is no difference.
	was := remembered(t, f)[1][0]
	lot := []visitlog.Visit{{At: time.Date(2024, 1, 20, 12, 0, 0, 0, clock.Shanghai).UnixMilli(), Account: was.Group, Person: 999_999, Kind: visitlog.View}}
	mustAppend(t, l, lot)
	mustRun(t, f)
	if is := remembered(t, f)[1][0]; is.People != was.People || is.All() != was.All()+1 {
		t.Errorf("a late visit made %+v of %+v", is, was)
	}
	if rep, err := f.Verify(ctx, newMemory()); err != nil || rep.Wrong != nil {
		t.Errorf("verify with a late visit: %+v, %v", rep, err)
	}
	mustClose(t, f)
}

// Killed at any operation of forgetting, with or without power, failed or full: all months are known, by their people or by their number.
func TestForgetKilled(t *testing.T) {
	t.Parallel()
	m := newModel()
	logs := oddLog(t, 1, 40, rand.New(rand.NewPCG(8, 8)), m)
	want := m.remembered()
	whole := newMemory()
	o := visitlog.FoldOptions{Logs: []visitlog.Source{{Folder: logs}}, Batch: 100}
	open := func(d *memory) (*visitlog.Fold, error) {
		o.Folder = d
		return visitlog.OpenFold(context.Background(), o)
	}
	f, err := open(whole)
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, f)
	mustClose(t, f)
	for name, cause := range map[string]error{"kill": errKilled, "EIO": errIO, "ENOSPC": errFull} {
		operations := 0
		for n, hit := 1, true; hit; n++ {
			r := rand.New(rand.NewPCG(uint64(n), 9))
			d := whole.restart()
			if f, err = open(d); err != nil {
				t.Fatal(err)
			}
			hit, d.ops = false, 0
			d.fail = func(_ string, k int) error {
				if k == n || k > n && cause == errKilled {
					hit = true
					return cause
				}
				return nil
			}
			_, err := f.Forget(context.Background(), 201602, bothNamings...)
			if hit && err == nil && name != "kill" {
				t.Fatalf("%s at operation %d was not told", name, n)
			}
			d.fail = nil
			if fault.Is(err, fault.KindUnavailable) { // there is room again
				if _, err := f.Forget(context.Background(), 201602, bothNamings...); err != nil {
					t.Fatalf("%s at operation %d: with room again: %v", name, n, err)
				}
			}
			_ = f.Close()
			if r.IntN(2) == 0 {
				d = d.cut(r)
			} else {
				d = d.restart()
			}
			for range 2 { // as it was left, and finished
				if f, err = open(d); err != nil {
					t.Fatalf("%s at operation %d: %v", name, n, err)
				}
				if diff := cmp.Diff(want, remembered(t, f)); diff != "" {
					t.Fatalf("%s at operation %d: %s", name, n, diff)
				}
				if _, err := f.Forget(context.Background(), 201602, bothNamings...); err != nil {
					t.Fatal(err)
				}
				checkForgotten(t, f, 201602)
				mustClose(t, f)
			}
			operations = n
		}
		if operations < 8 {
			t.Errorf("%s: only %d operations", name, operations)
		}
	}
}

// An account that is not known ends it before anything is dropped, and so does a file of numbers that is not as it was written.
func TestForgetRefuses(t *testing.T) {
	t.Parallel()
	m := newModel()
	logs := oddLog(t, 1, 10, rand.New(rand.NewPCG(9, 9)), m)
	d := newMemory()
	f := mustFold(t, visitlog.FoldOptions{Folder: d, Logs: []visitlog.Source{{Folder: logs}}})
	mustRun(t, f)
	stranger := errors.New("a stranger")
	if _, err := f.Forget(context.Background(), 201602, func(uint32) (string, bool, error) { return "", false, stranger }); !errors.Is(err, stranger) {
		t.Errorf("an unknown account: %v", err)
	}
	if diff := cmp.Diff(m.remembered(), remembered(t, f)); diff != "" {
		t.Error(diff)
	}
	if _, err := f.Forget(context.Background(), 201602, bothNamings...); err != nil {
		t.Fatal(err)
	}
	mustClose(t, f)
	names, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".crowds") {
			d.bytes(name)[5] ^= 1
		}
	}
	if _, err := visitlog.OpenFold(context.Background(), visitlog.FoldOptions{Folder: d}); err == nil || !strings.Contains(err.Error(), ".crowds") {
		t.Errorf("a flipped bit: %v", err)
	}
}
