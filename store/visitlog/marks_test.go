package visitlog_test

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
)

func delivery(n uint32) (d visitlog.Delivery) {
	binary.LittleEndian.PutUint32(d[:], n)
	return d
}

// part is what call number brings of its delivery: three visits and one refused line; the last brings none and is done.
func part(number uint32, last bool) (visitlog.Mark, []visitlog.Visit) {
	n := uint64(number + 1)
	m := visitlog.Mark{Lines: 4 * n, Taken: 3 * n, Refused: n, Sum: [32]byte{byte(number)}, Done: last}
	if last {
		return m, nil
	}
	return m, call(number, 3)
}

func mustMark(t testing.TB, l *visitlog.Log, d visitlog.Delivery, m visitlog.Mark, v []visitlog.Visit) {
	t.Helper()
	if err := l.AppendMarked(context.Background(), d, m, v); err != nil {
		t.Fatal(err)
	}
}

func TestMarksAreKept(t *testing.T) {
	t.Parallel()
	d := folderAt(t, t.TempDir())
	watch := clock.At(start)
	o := options(d)
	o.Clock, o.SegmentBytes = watch, 500
	l := mustOpen(t, o)
	if _, ok := l.Marked(delivery(1)); ok {
		t.Error("a delivery that never came is known")
	}
	for i := range uint32(20) {
		m, v := part(i, i == 19)
		mustMark(t, l, delivery(1), m, v)
		mustAppend(t, l, call(100+i, 2))
		mustMark(t, l, delivery(2), visitlog.Mark{Lines: uint64(i)}, nil)
	}
	for range 3 {
		want, _ := part(19, true)
		if m, ok := l.Marked(delivery(1)); !ok || m != want {
			t.Errorf("%+v, %v, want %+v", m, ok, want)
		}
		if m, ok := l.Marked(delivery(2)); !ok || m.Lines != 19 {
			t.Errorf("%+v, %v", m, ok)
		}
		mustClose(t, l)
		l = mustOpen(t, o)
	}
	if got := l.Durable().Visits; got != 19*3+20*2 {
		t.Errorf("%d visits", got)
	}
	watch.Advance(31 * 24 * time.Hour)
	mustClose(t, l)
	l = mustOpen(t, o)
	if _, ok := l.Marked(delivery(1)); ok {
		t.Error("a delivery is known after 31 days")
	}
	mustMark(t, l, delivery(1), visitlog.Mark{Lines: 1}, nil)
	mustClose(t, l)
	if err := l.AppendMarked(context.Background(), delivery(1), visitlog.Mark{}, nil); !errors.Is(err, visitlog.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

// bring goes on with a delivery where its mark says, as a door does when it comes again, until an error.
func bring(l *visitlog.Log, d visitlog.Delivery, from, parts uint32) error {
	begin := uint32(0)
	if m, ok := l.Marked(d); ok {
		if m.Done {
			return nil
		}
		begin = uint32(m.Lines / 4)
	}
	for i := begin; i <= parts; i++ {
		m, v := part(i, i == parts)
		for k := range v {
			v[k].Account += from
			v[k].At = start.UnixMilli() + int64(v[k].Account)*1000 + int64(k)
			v[k].Level = uint8(v[k].Account % 6)
		}
		if err := l.AppendMarked(context.Background(), d, m, v); err != nil {
			return err
		}
	}
	return nil
}

// Each operation in turn fails, once or from then on, with an error or a full disk, while two deliveries come between other
// visits; then the machine restarts or loses power, again and again, and the deliveries come again. In the end every visit of
// them is there exactly once.
func TestMarksCountOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		err   error
		stays bool
	}{{"EIO once", errIO, false}, {"EIO", errIO, true}, {"ENOSPC once", errFull, false}, {"ENOSPC", errFull, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, life := range []string{"goes on", "ends soon"} {
				n := 1
				for markFailure(t, n, life, c.err, c.stays) {
					n++
				}
				if n < 60 {
					t.Errorf("only %d operations", n)
				}
			}
		})
	}
}

func markFailure(t *testing.T, n int, life string, cause error, stays bool) (hit bool) {
	m := newMemory()
	m.fail = func(_ string, k int) error {
		if k == n || stays && k > n {
			hit = true
			return cause
		}
		return nil
	}
	deliver := func(l *visitlog.Log) error {
		first := bring(l, delivery(1), 0, 5)
		// Where the frame of a refused mark would have been stands this one now.
		other := l.Append(context.Background(), call(2000+uint32(l.Durable().Visits), 1))
		if first != nil && life == "ends soon" {
			return first
		}
		return errors.Join(first, other, bring(l, delivery(2), 1000, 4))
	}
	o := options(m)
	o.SegmentBytes = 400
	if l, err := visitlog.Open(context.Background(), o); err == nil {
		if err := deliver(l); err != nil && !fault.Is(err, fault.KindUnavailable) {
			t.Fatalf("operation %d: %v", n, err)
		}
		if !stays && life == "goes on" {
			_ = deliver(l) // a full disk that has room again
		}
		_ = l.Close()
	}
	m.fail = nil
	r := rand.New(rand.NewPCG(uint64(n), 4))
	for name, left := range map[string]*memory{"restart": m.restart(), "cut": m.cut(r)} {
		o.Folder = left
		// Cut off once more in the middle of coming again, then left in peace.
		again := mustOpen(t, o)
		_ = bring(again, delivery(1), 0, 5)
		second := left.cut(r)
		mustClose(t, again)
		o.Folder = second
		last := mustOpen(t, o)
		if err := deliver(last); err != nil {
			t.Fatalf("operation %d, %s: %v", n, name, err)
		}
		mustClose(t, last)
		want := map[uint32]int{}
		for i := range uint32(5) {
			want[i] = 3
		}
		for i := range uint32(4) {
			want[1000+i] = 3
		}
		checkCalls(t, uint64(n), mustWalk(t, second), want)
	}
	return hit
}

// A mark that rotted is not taken for the end of the file.
func TestMarksDamaged(t *testing.T) {
	t.Parallel()
	m := newMemory()
	l := mustOpen(t, options(m))
	for i := range uint32(3) {
		p, v := part(i, false)
		mustMark(t, l, delivery(1), p, v)
	}
	mustClose(t, l)
	if err := errors.Join(visitlog.CheckMarks(m), visitlog.CheckMarks(newMemory())); err != nil {
		t.Errorf("good marks, and none: %v", err)
	}
	f, err := m.Open("MARKS")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{77}, 128+100); err != nil {
		t.Fatal(err)
	}
	_, err = visitlog.Open(context.Background(), options(m))
	for _, err := range []error{err, visitlog.CheckMarks(m)} {
		if d, ok := errors.AsType[*visitlog.Damage](err); !ok || d.File != "MARKS" || d.Offset != 128 {
			t.Errorf("a rotten mark: %v", err)
		}
	}
}
