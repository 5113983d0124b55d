package visitlog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

// oddVisit is any visit: few accounts and many, several years, people at both ends of the numbers.
func oddVisit(r *rand.Rand) visitlog.Visit {
	v := visitlog.Visit{
		At: 1438358400000 + r.Int64N(400*24*3600*1000), Account: uint32(r.IntN(30)), Person: uint32(r.IntN(200)),
		City: uint32(r.IntN(3)) * 110000, Service: uint16(r.IntN(4)), Kind: visitlog.Kind(1 + r.IntN(8)),
		Channel: uint8(r.IntN(3)), Level: uint8(r.IntN(6)),
	}
	switch r.IntN(40) {
	case 0:
		v.Account = r.Uint32()
	case 1:
		v.Person = 1<<32 - 1 - uint32(r.IntN(3))
	case 2:
		v.At = r.Int64N(1 << 42)
	case 3:
		v.City, v.Service, v.Channel, v.Level = 1<<32-1, 1<<16-1, 255, 255
	}
	return v
}

// model is what a fold must come to, counted in the plainest way.
type model struct {
	counts map[visitlog.By]map[visitlog.Count]uint64 // N is 0 in the keys
	people map[[2]uint32]map[uint32]bool             // by account and month
}

func newModel() *model {
	m := &model{counts: map[visitlog.By]map[visitlog.Count]uint64{}, people: map[[2]uint32]map[uint32]bool{}}
	for by := visitlog.ByAccount; by <= visitlog.ByLevel; by++ {
		m.counts[by] = map[visitlog.Count]uint64{}
	}
	return m
}

func (m *model) add(visits []visitlog.Visit) {
	for _, v := range visits {
		t := time.UnixMilli(v.At).In(clock.Shanghai)
		day := visitlog.Day(t.Year()*10000 + int(t.Month())*100 + t.Day())
		m.counts[visitlog.ByAccount][visitlog.Count{Code: v.Account, Day: day, Kind: v.Kind}]++
		if v.Service > 0 {
			m.counts[visitlog.ByService][visitlog.Count{Code: uint32(v.Service), Day: day, Kind: v.Kind}]++
		}
		if v.City > 0 {
			m.counts[visitlog.ByCity][visitlog.Count{Code: v.City, Day: day, Kind: v.Kind}]++
		}
		m.counts[visitlog.ByChannel][visitlog.Count{Code: uint32(v.Channel), Day: day, Kind: v.Kind}]++
		m.counts[visitlog.ByLevel][visitlog.Count{Code: uint32(v.Level), Day: day, Kind: v.Kind}]++
		if v.Person > 0 {
			key := [2]uint32{v.Account, uint32(day.Month())}
			if m.people[key] == nil {
				m.people[key] = map[uint32]bool{}
			}
			m.people[key][v.Person] = true
		}
	}
}

// distinct counts the people of groups the plainest way.
func (m *model) distinct(span visitlog.Span, by func(uint32) (uint32, bool)) []visitlog.Group {
	people, accounts := map[uint32]map[uint32]bool{}, map[uint32]map[uint32]bool{}
	for key, set := range m.people {
		g, in := by(key[0])
		if month := visitlog.Month(key[1]); !in || month < span.First || month > span.Last {
			continue
		}
		if people[g] == nil {
			people[g], accounts[g] = map[uint32]bool{}, map[uint32]bool{}
		}
		maps.Copy(people[g], set)
		accounts[g][key[0]] = true
	}
	var list []visitlog.Group
	for _, g := range slices.Sorted(maps.Keys(people)) {
		list = append(list, visitlog.Group{Group: g, Accounts: len(accounts[g]), People: uint64(len(people[g]))})
	}
	return list
}

var always = visitlog.Span{First: 0, Last: 999912}

func checkModel(t *testing.T, f *visitlog.Fold, m *model) {
	t.Helper()
	for by, want := range m.counts {
		got := map[visitlog.Count]uint64{}
		var last visitlog.Count
		err := f.Counts(context.Background(), by, func(c visitlog.Count) error {
			n := c.N
			c.N = 0
			if len(got) > 0 && (c.Code < last.Code || c.Code == last.Code && (c.Day < last.Day || c.Day == last.Day && c.Kind <= last.Kind)) {
				return fmt.Errorf("%+v after %+v", c, last)
			}
			got[c], last = n, c
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("counters %d: %s", by, diff)
		}
	}
	spans := []visitlog.Span{always, {First: 201508, Last: 201508}, {First: 201510, Last: 201603}, {First: 202001, Last: 201001}}
	for _, span := range spans {
		checkNested(t, f, m, span)
	}
	for name, by := range map[string]func(uint32) (uint32, bool){
		"account": func(a uint32) (uint32, bool) { return a, true },
		"seventh": func(a uint32) (uint32, bool) { return a % 7, a%7 != 3 },
		"all":     func(uint32) (uint32, bool) { return 5, true },
		"none":    func(uint32) (uint32, bool) { return 0, false },
	} {
		for _, span := range spans {
			got, err := f.Distinct(context.Background(), span, by)
			if err != nil {
				t.Fatal(err)
			}
			if want := m.distinct(span, by); len(got)+len(want) > 0 && !cmp.Equal(want, got) {
				t.Fatalf("by %s in %v: %s", name, span, cmp.Diff(want, got))
			}
			if span != always { // the model takes long for the whole span
				checkMonths(t, f, m, span, by)
			}
		}
	}
}

// checkNested asks for several levels at once; some accounts are in none of one or two of them.
func checkNested(t *testing.T, f *visitlog.Fold, m *model, span visitlog.Span) {
	t.Helper()
	levels := []visitlog.Grouping{
		func(a uint32) (uint32, bool) { return a, a%5 != 1 },
		func(a uint32) (uint32, bool) { return a % 14, a%14 != 3 && a%14 != 8 },
		func(a uint32) (uint32, bool) { return a % 2, a%14 != 3 && a%14 != 5 },
	}
	got, err := f.Nested(context.Background(), span, levels...)
	if err != nil {
		t.Fatal(err)
	}
	for k, by := range levels {
		if want := m.distinct(span, by); len(got[k])+len(want) > 0 && !cmp.Equal(want, got[k]) {
			t.Fatalf("level %d in %v: %s", k, span, cmp.Diff(want, got[k]))
		}
	}
	if _, err := f.Nested(context.Background(), span); err == nil {
		t.Error("no levels were taken")
	}
}

func mustFold(t testing.TB, o visitlog.FoldOptions) *visitlog.Fold {
	t.Helper()
	f, err := visitlog.OpenFold(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustRun(t testing.TB, f *visitlog.Fold) uint64 {
	t.Helper()
	n, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// oddLog makes a closed log of some lots of odd visits.
func oddLog(t testing.TB, node uint32, lots int, r *rand.Rand, m *model) *memory {
	t.Helper()
	d := newMemory()
	o := options(d)
	o.Node, o.SegmentBytes = node, 4000
	l := mustOpen(t, o)
	for range lots {
		lot := make([]visitlog.Visit, 1+r.IntN(60))
		for i := range lot {
			lot[i] = oddVisit(r)
		}
		m.add(lot)
		mustAppend(t, l, lot)
	}
	mustClose(t, l)
	return d
}

// Real files, a live log, folds in between, a batch of any size: always what the plainest count gives.
func TestFoldEqualsModel(t *testing.T) {
	t.Parallel()
	for _, batch := range []int{1, 100, 1 << 20} {
		t.Run(fmt.Sprint("batch ", batch), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(batch), 4))
			logs := folderAt(t, t.TempDir())
			o := options(logs)
			o.SegmentBytes = 3000
			l := mustOpen(t, o)
			fo := visitlog.FoldOptions{Folder: folderAt(t, t.TempDir()), Logs: []visitlog.Source{{Folder: logs, Log: l}}, Batch: batch}
			f := mustFold(t, fo)
			m := newModel()
			total := uint64(0)
			for step := range 30 {
				lot := make([]visitlog.Visit, r.IntN(80))
				for i := range lot {
					lot[i] = oddVisit(r)
				}
				mustAppend(t, l, lot)
				m.add(lot)
				total += uint64(len(lot))
				if r.IntN(3) == 0 {
					mustRun(t, f)
					if f.Folded() != total || f.At(1) != l.Durable() {
						t.Fatalf("%d visits are counted up to %v, appended were %d up to %v", f.Folded(), f.At(1), total, l.Durable())
					}
					checkModel(t, f, m)
				}
				if step%10 == 9 {
					mustClose(t, f)
					f = mustFold(t, fo)
				}
			}
			mustRun(t, f)
			checkModel(t, f, m)
			if err := f.Compact(context.Background()); err != nil {
				t.Fatal(err)
			}
			checkModel(t, f, m)
			rep, err := f.Verify(context.Background(), folderAt(t, t.TempDir()))
			if err != nil || rep.Wrong != nil || rep.Visits != total {
				t.Errorf("verify: %+v, %v", rep, err)
			}
			mustClose(t, f)
			mustClose(t, l)
			if _, err := f.Run(context.Background()); !errors.Is(err, visitlog.ErrClosed) {
				t.Errorf("run after close: %v", err)
			}
		})
	}
}

// Frames of thousands of visits of one day are counted on both processors.
func TestFoldLongFrames(t *testing.T) {
	t.Parallel()
	s := newStream(t, stream.Config{Visits: 30_000, Accounts: 60, People: 2000, Days: 3, Cities: []uint32{330100, 330200}})
	logs := folderAt(t, t.TempDir())
	l := mustOpen(t, options(logs))
	pour(t, l, s, 7000)
	mustClose(t, l)
	m := newModel()
	all := make([]visitlog.Visit, s.Len())
	s.Fill(all, 0)
	m.add(all)
	f := mustFold(t, visitlog.FoldOptions{Folder: folderAt(t, t.TempDir()), Logs: []visitlog.Source{{Folder: logs}}, Batch: 10_000})
	mustRun(t, f)
	checkModel(t, f, m)
	mustClose(t, f)
}

// compacted gives the one run that a fold of the logs comes to.
func compacted(t testing.TB, d *memory, batch int, logs ...*memory) []byte {
	t.Helper()
	o := visitlog.FoldOptions{Folder: d, Batch: batch}
	for _, l := range logs {
		o.Logs = append(o.Logs, visitlog.Source{Folder: l})
	}
	f := mustFold(t, o)
	mustRun(t, f)
	if err := f.Compact(context.Background()); err != nil {
		t.Fatal(err)
	}
	mustClose(t, f)
	return onlyRun(t, d)
}

func onlyRun(t testing.TB, d *memory) []byte {
	t.Helper()
	names, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	var found []byte
	for _, name := range names {
		if strings.HasSuffix(name, ".fold") {
			if found != nil {
				t.Fatalf("several runs in %v", names)
			}
			found = d.bytes(name)
		}
	}
	return found
}

// Killed at any operation, with or without power, and run again: the same bytes as without.
func TestFoldKilled(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	logs := []*memory{oddLog(t, 1, 40, r, newModel()), oddLog(t, 2, 25, r, newModel())}
	want := compacted(t, newMemory(), 1<<20, logs...)
	kills := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 6))
		d := newMemory()
		for life := 0; ; life++ {
			until := 1 + r.IntN(150)
			if life == 4 {
				until = 1 << 30
			}
			d.ops = 0
			d.fail = func(_ string, n int) error {
				if n >= until {
					return errKilled
				}
				return nil
			}
			done, err := live(d, 20+r.IntN(300), logs)
			if err == nil && done {
				break
			}
			if !errors.Is(err, errKilled) {
				t.Fatalf("seed %d, life %d: %v", seed, life, err)
			}
			kills++
			if r.IntN(2) == 0 {
				d = d.cut(r)
			} else {
				d = d.restart()
			}
		}
		if got := onlyRun(t, d); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: other bytes than without kills", seed)
		}
	}
	if kills < 200 {
		t.Errorf("only %d kills", kills)
	}
}

// live is one life of a process that folds and compacts.
func live(d *memory, batch int, logs []*memory) (done bool, err error) {
	o := visitlog.FoldOptions{Folder: d, Batch: batch}
	for _, l := range logs {
		o.Logs = append(o.Logs, visitlog.Source{Folder: l})
	}
	f, err := visitlog.OpenFold(context.Background(), o)
	if err != nil {
		return false, err
	}
	_, err = f.Run(context.Background())
	if err == nil {
		err = f.Compact(context.Background())
	}
	return err == nil, errors.Join(err, f.Close())
}

func TestNodesInAnyOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	m := newModel()
	var logs []*memory
	for node := range uint32(4) {
		logs = append(logs, oddLog(t, node+1, 15, r, m))
	}
	want := compacted(t, newMemory(), 1<<20, logs...)
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 8))
		r.Shuffle(len(logs), func(i, j int) { logs[i], logs[j] = logs[j], logs[i] })
		if got := compacted(t, newMemory(), 1+r.IntN(500), logs...); !bytes.Equal(got, want) {
			t.Fatalf("order %d: other bytes", seed)
		}
		// Node after node, as their files arrive.
		d := newMemory()
		for i := range logs {
			compacted(t, d, 1+r.IntN(500), logs[:i+1]...)
		}
		if !bytes.Equal(onlyRun(t, d), want) {
			t.Fatalf("order %d, one after the other: other bytes", seed)
		}
	}
	f := mustFold(t, visitlog.FoldOptions{Folder: newMemory(), Logs: []visitlog.Source{{Folder: logs[0]}, {Folder: logs[0]}}})
	if _, err := f.Run(context.Background()); err == nil {
		t.Error("one node was counted twice")
	}
}

// A log that another process writes is read only as far as it must be on disk.
func TestLastFrameWaits(t *testing.T) {
	t.Parallel()
	m := newMemory()
	l := mustOpen(t, options(m))
	f := mustFold(t, visitlog.FoldOptions{Folder: newMemory(), Logs: []visitlog.Source{{Folder: m}}})
	for i, want := range []uint64{0, 1, 2} {
		mustAppend(t, l, call(uint32(i), 1))
		mustRun(t, f)
		if got := f.Folded(); got != want {
			t.Errorf("after %d calls %d are counted, want %d", i+1, got, want)
		}
	}
	mustClose(t, l)
	mustRun(t, f)
	l = mustOpen(t, options(m))
	mustAppend(t, l, call(7, 2))
	mustAppend(t, l, call(8, 2))
	mustRun(t, f)
	if got := f.Folded(); got != 5 {
		t.Errorf("%d visits are counted, want 5", got)
	}
	mustClose(t, l)
	mustRun(t, f)
	mustClose(t, f)
	if got := f.Folded(); got != 7 {
		t.Errorf("%d visits are counted, want 7", got)
	}
}

func TestRetainAndVerify(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	logs := newMemory()
	now := clock.At(start)
	o := options(logs)
	o.Clock, o.SegmentBytes = now, 300
	l := mustOpen(t, o)
	defer mustClose(t, l)
	fo := visitlog.FoldOptions{Folder: newMemory(), Logs: []visitlog.Source{{Folder: logs, Log: l}}}
	f := mustFold(t, fo)
	m := newModel()
	for hour := range uint32(48) {
		lot := call(hour, 5)
		for i := range lot {
			lot[i].At = now.Now().UnixMilli()
		}
		mustAppend(t, l, lot)
		m.add(lot)
		now.Advance(time.Hour)
	}
	if names, err := f.Retain(ctx, now.Now()); err != nil || len(names) > 0 {
		t.Errorf("deleted before they were counted: %v, %v", names, err)
	}
	mustRun(t, f)
	names, err := f.Retain(ctx, start.Add(24*time.Hour))
	if err != nil || len(names) < 3 || !slices.IsSorted(names) || names[0] != "0000000001.visits" {
		t.Errorf("deleted %v, %v", names, err)
	}
	again, err := f.Retain(ctx, start.Add(24*time.Hour))
	if err != nil || len(again) > 0 {
		t.Errorf("deleted the second time %v, %v", again, err)
	}
	mustAppend(t, l, call(99, 9))
	m.add(call(99, 9))
	mustRun(t, f)
	checkModel(t, f, m)
	mustClose(t, f)
	f = mustFold(t, fo)
	defer mustClose(t, f)
	rep, err := f.Verify(ctx, newMemory())
	if err != nil || rep.Wrong != nil || rep.Deleted == 0 || rep.Visits+rep.Deleted != 48*5+9 || len(rep.Thinned) == 0 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
	if _, err := f.Verify(ctx, fo.Folder); err == nil {
		t.Error("a fold verified itself inside its own folder")
	}
}

// A fold that differs from its log in any one thing is found out, by name.
func TestVerifyNamesTheDifference(t *testing.T) {
	t.Parallel()
	lot := []visitlog.Visit{
		{At: 1438358400000, Account: 5, Person: 100, City: 330100, Service: 9, Kind: 1, Channel: 1, Level: 2},
		{At: 1438358400000, Account: 6, Person: 100, City: 330100, Service: 9, Kind: 2, Channel: 1, Level: 2},
	}
	for want, change := range map[string]func(v *visitlog.Visit){ // spaces at the end only tell keys apart
		"account 6 on 20150801, kind 2: counted 1, recounted 0":                  func(v *visitlog.Visit) { v.Account = 7 },
		"account 6 on 20150801, kind 2: counted 1, recounted 0 ":                 func(v *visitlog.Visit) { v.Kind = 3 },
		"account 6 on 20150801, kind 2: counted 1, recounted 0  ":                func(v *visitlog.Visit) { v.At += 24 * 3600 * 1000 },
		"service 8 on 20150801, kind 2: counted 0, recounted 1":                  func(v *visitlog.Visit) { v.Service = 8 },
		"city 330100 on 20150801, kind 2: counted 1, recounted 0":                func(v *visitlog.Visit) { v.City = 0 },
		"channel 1 on 20150801, kind 2: counted 1, recounted 0":                  func(v *visitlog.Visit) { v.Channel = 2 },
		"level 2 on 20150801, kind 2: counted 1, recounted 0":                    func(v *visitlog.Visit) { v.Level = 3 },
		"people 6 on 20150800: counted 1, recounted 1, of whom 1 were not known": func(v *visitlog.Visit) { v.Person = 101 },
		"people 6 on 20150800: counted 1, recounted 0":                           func(v *visitlog.Visit) { v.Person = 0 },
		"": func(*visitlog.Visit) {},
	} {
		logs := newMemory()
		write := func(visits []visitlog.Visit) {
			l := mustOpen(t, options(logs))
			mustAppend(t, l, visits)
			mustClose(t, l)
		}
		write(lot)
		f := mustFold(t, visitlog.FoldOptions{Folder: newMemory(), Logs: []visitlog.Source{{Folder: logs}}})
		mustRun(t, f)
		other := slices.Clone(lot)
		change(&other[1])
		if err := logs.Remove("0000000001.visits"); err != nil {
			t.Fatal(err)
		}
		write(other)
		rep, err := f.Verify(context.Background(), newMemory())
		got := ""
		if rep.Wrong != nil {
			got = rep.Wrong.String()
		}
		if err != nil || got != strings.TrimSpace(want) {
			t.Errorf("want %q, got %q, %v", want, got, err)
		}
		if _, err := f.Run(context.Background()); (err == nil) != (want == "") {
			t.Errorf("%q: another log in the place of the one counted gave %v", want, err)
		}
		mustClose(t, f)
	}
}

// Every bit of a fold's files that turns is found when it is opened.
func TestFoldBitFlips(t *testing.T) {
	t.Parallel()
	d := newMemory()
	m := newModel()
	log := oddLog(t, 1, 3, rand.New(rand.NewPCG(9, 9)), m)
	compacted(t, d, 1<<20, log)
	names, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for at := range d.bytes(name) {
			left := d.restart()
			left.bytes(name)[at] ^= 1 << (at % 8)
			var damage *visitlog.Damage
			if _, err := visitlog.OpenFold(context.Background(), visitlog.FoldOptions{Folder: left}); !errors.As(err, &damage) || damage.File != name {
				t.Fatalf("%s byte %d: %v", name, at, err)
			}
		}
	}
}

func TestFoldFailures(t *testing.T) {
	t.Parallel()
	m := newModel()
	log := oddLog(t, 1, 30, rand.New(rand.NewPCG(10, 10)), m)
	want := compacted(t, newMemory(), 1<<20, log)
	for name, cause := range map[string]error{"EIO": errIO, "ENOSPC": errFull} {
		for n := 1; ; n++ {
			d := newMemory()
			hit := ""
			d.fail = func(op string, k int) error {
				if k == n {
					hit = op
					return cause
				}
				return nil
			}
			o := visitlog.FoldOptions{Folder: d, Logs: []visitlog.Source{{Folder: log}}, Batch: 200}
			f, err := visitlog.OpenFold(context.Background(), o)
			if err == nil {
				for try := 0; try < 3; try++ {
					if _, err = f.Run(context.Background()); err == nil {
						err = f.Compact(context.Background())
					}
					if err == nil || errors.Is(err, visitlog.ErrBroken) {
						break
					}
					if cause == errFull && !fault.Is(err, fault.KindUnavailable) {
						break
					}
				}
				if cause == errFull && (hit == "write" || hit == "create") && err != nil {
					t.Fatalf("%s, operation %d, %s: not usable when there is room again: %v", name, n, hit, err)
				}
				mustClose(t, f)
			}
			d.fail = nil
			if got := compacted(t, d, 200, log); !bytes.Equal(got, want) {
				t.Fatalf("%s, operation %d, %s: other bytes", name, n, hit)
			}
			if hit == "" {
				if n < 20 {
					t.Errorf("%s: only %d operations", name, n)
				}
				break
			}
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 11))
		list := make([]uint32, r.IntN(3000))
		width := uint32(1) << (1 + r.IntN(31))
		for i := range list {
			list[i] = 1 + r.Uint32()%(width*2-1)
		}
		want := slices.Compact(slices.Sorted(slices.Values(list)))
		got := visitlog.SortList(list)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: not sorted", seed)
		}
		data := visitlog.AppendList(got)
		back, ok := visitlog.ReadList(data, len(got))
		if !ok || !slices.Equal(back, want) {
			t.Fatalf("seed %d: another list came back", seed)
		}
		if len(data) > 0 {
			if _, ok := visitlog.ReadList(data[:len(data)-1], len(got)); ok {
				t.Fatalf("seed %d: a list cut short was read", seed)
			}
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte{0, 0x80, 1, 5}, 3)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, 1)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 0 || n > 1<<16 {
			return
		}
		list, ok := visitlog.ReadList(data, n)
		if !ok {
			return
		}
		for i := range list {
			if list[i] == 0 || i > 0 && list[i] <= list[i-1] {
				t.Fatalf("%v is not in order", list)
			}
		}
	})
}
