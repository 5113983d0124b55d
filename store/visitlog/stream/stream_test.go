package stream_test

import (
	"fmt"
	"hash/crc32"
	"testing"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

func mustStream(t *testing.T, c stream.Config) *stream.Stream {
	t.Helper()
	s, err := stream.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The same visits on every machine, however they are asked for.
func TestStreamIsFixed(t *testing.T) {
	t.Parallel()
	s := mustStream(t, stream.Config{Visits: 10_000})
	all := make([]visitlog.Visit, 20_000)
	if n := s.Fill(all, 0); n != 10_000 {
		t.Fatalf("%d visits", n)
	}
	all = all[:10_000]
	if got := fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(fmt.Sprint(all)))); got != "74a12516" {
		t.Errorf("the checksum is %s", got)
	}
	for from := uint64(0); from < 10_000; from += 777 {
		var one [1]visitlog.Visit
		if s.Fill(one[:], from); one[0] != all[from] {
			t.Errorf("visit %d differs when asked for alone", from)
		}
	}
	if n := s.Fill(all, 10_000); n != 0 {
		t.Errorf("%d visits after the last", n)
	}
	if other := mustStream(t, stream.Config{Visits: 10_000, Seed: 1}); other.Fill(all[:1], 0) != 1 || all[0] == all[1] {
		t.Error("another seed gave the same")
	}
}

// Zipf's law, homes and time, to within what chance allows.
func TestStreamShape(t *testing.T) {
	t.Parallel()
	const n = 400_000
	c := stream.Config{Visits: n, Accounts: 1000, Days: 2}
	s := mustStream(t, c)
	visits := make([]visitlog.Visit, n)
	s.Fill(visits, 0)
	harmonic := 0.0
	for k := 1; k <= 1000; k++ {
		harmonic += 1 / float64(k)
	}
	seen := map[uint32]int{}
	home, last := 0, int64(0)
	for _, v := range visits {
		if err := v.Check(); err != nil {
			t.Fatal(err)
		}
		if v.At < last {
			t.Fatal("time goes back")
		}
		last = v.At
		seen[v.Account]++
		if v.City == s.Home(v.Account) {
			home++
		}
		if v.Person > 258_000_000 || (v.Service > 0) != (v.Kind == visitlog.Serving) || v.Account == 0 || v.Account > 1000 {
			t.Fatalf("%+v", v)
		}
	}
	for _, rank := range []uint32{1, 2, 10, 100, 1000} {
		want := n / harmonic / float64(rank)
		if got := float64(seen[rank]); got < want*0.9-20 || got > want*1.1+20 {
			t.Errorf("account %d was visited %v times, Zipf's law wants %v", rank, got, want)
		}
	}
	if share := float64(home) / n; share < 0.69 || share > 0.72 {
		t.Errorf("%.3f visited from home", share)
	}
	if d := visitlog.DayOf(visits[0].At); d != 20150801 {
		t.Errorf("begins on %d", d)
	}
	if d := visitlog.DayOf(last); d != 20150802 {
		t.Errorf("ends on %d", d)
	}
}

func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []stream.Config{{Accounts: 1 << 25}, {Days: -1}, {People: 3}} {
		if _, err := stream.New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}
