package uid_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

type stub struct{ at time.Time }

func (s *stub) Now() time.Time { return s.at }

func TestIDsRise(t *testing.T) {
	t.Parallel()
	clk := &stub{time.Date(2026, 5, 26, 6, 8, 0, 0, time.UTC)}
	m := &uid.Maker{Clock: clk}
	last := int64(0)
	for i := range 5000 {
		switch i {
		case 1000:
			clk.at = clk.at.Add(time.Millisecond)
		case 2000:
			clk.at = clk.at.Add(-time.Hour) // the clock goes back, ids do not
		case 3000:
			clk.at = clk.at.Add(48 * time.Hour)
		}
		id := m.ID()
		if id <= last {
			t.Fatalf("id %d follows %d", id, last)
		}
		last = id
	}
	if got := time.UnixMilli(last>>21 + 1577836800000).UTC(); got.Sub(clk.at) > time.Second {
		t.Errorf("the id's time is %v, want about %v", got, clk.at)
	}
}

func TestIDsAreUniqueInParallel(t *testing.T) {
	t.Parallel()
	m := &uid.Maker{Clock: &stub{time.Date(2026, 5, 26, 6, 8, 0, 0, time.UTC)}}
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				id := m.ID()
				mu.Lock()
				if seen[id] || id <= 0 {
					t.Errorf("id %d twice or not positive", id)
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestNo(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2000 {
		no := uid.No()
		if len(no) != 17 || seen[no] || strings.ContainsAny(no, "ILOU") {
			t.Fatalf("No() = %s", no)
		}
		seen[no] = true
		for _, typed := range []string{
			no, strings.ToLower(no), uid.Spoken(no), " " + strings.Join(strings.Split(no, ""), "-") + "\t",
			strings.NewReplacer("0", "O", "1", "l").Replace(no), strings.NewReplacer("0", "o", "1", "I").Replace(no),
		} {
			if got, err := uid.ParseNo(typed); err != nil || got != no {
				t.Fatalf("ParseNo(%q) = %s, %v, want %s", typed, got, err, no)
			}
		}
	}
}

// The check character finds what people mistype.
func TestNoFindsMistakes(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for range 50 {
		no := uid.No()
		for i := range len(no) {
			for _, c := range []byte(alphabet) {
				wrong := no[:i] + string(c) + no[i+1:]
				if _, err := uid.ParseNo(wrong); (err == nil) != (wrong == no) {
					t.Fatalf("ParseNo(%s) for %s = %v", wrong, no, err)
				}
			}
			if i == 0 || no[i] == no[i-1] || no[i-1:i+1] == "0Z" || no[i-1:i+1] == "Z0" {
				continue
			}
			swapped := no[:i-1] + string(no[i]) + string(no[i-1]) + no[i+1:]
			if _, err := uid.ParseNo(swapped); err == nil {
				t.Fatalf("ParseNo(%s) accepted a swap of neighbours in %s", swapped, no)
			}
		}
	}
	for _, s := range []string{"", "0", strings.Repeat("0", 16), strings.Repeat("0", 18), strings.Repeat("U", 17), "政务政务政务", "0000000000000000\x00"} {
		_, err := uid.ParseNo(s)
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid || f.Code != "no" {
			t.Errorf("ParseNo(%q) = %v, want invalid no", s, err)
		}
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	a, b := uid.Secret(16), uid.Secret(16)
	if len(a) != 32 || a == b || a != strings.ToLower(a) {
		t.Errorf("Secret(16) = %s, %s", a, b)
	}
}

func TestSpoken(t *testing.T) {
	t.Parallel()
	if got := uid.Spoken("7K2Q9D0MABCDEFGH1"); got != "7K2Q 9D0M ABCD EFGH 1" {
		t.Errorf("Spoken() = %q", got)
	}
}

// What ParseNo accepts is a number in its one true form.
func FuzzParseNo(f *testing.F) {
	f.Add("00000000000000000")
	f.Add("7k2q 9d0m abcd efgh 1")
	f.Add(uid.No())
	f.Add("ıııııııııııııııııı")
	f.Fuzz(func(t *testing.T, s string) {
		no, err := uid.ParseNo(s)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatalf("ParseNo(%q) = %v, want a fault", s, err)
			}
			return
		}
		if again, err := uid.ParseNo(no); err != nil || again != no || len(no) != 17 || no != strings.ToUpper(no) {
			t.Fatalf("ParseNo(%q) = %q, and of that %q, %v", s, no, again, err)
		}
		if spoken, err := uid.ParseNo(uid.Spoken(no)); err != nil || spoken != no {
			t.Fatalf("ParseNo(Spoken(%q)) = %q, %v", no, spoken, err)
		}
	})
}

// A code has six digits, leading zeros too, and codes differ.
func TestCode(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2000 {
		c := uid.Code()
		if len(c) != 6 || strings.Trim(c, "0123456789") != "" {
			t.Fatalf("%q", c)
		}
		seen[c] = true
	}
	if len(seen) < 1900 {
		t.Errorf("%d codes of 2,000 differ", len(seen))
	}
}
