package eventlog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/event"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func signer(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func public(n byte) ed25519.PublicKey { return signer(n).Public().(ed25519.PublicKey) }

// headsAt are the ends of two chains after n events each.
func headsAt(n int64) []event.Head {
	return []event.Head{
		{Shard: 0, Position: n, Hash: bytes.Repeat([]byte{byte(n)}, 32)},
		{Shard: 3, Position: 2 * n, Hash: bytes.Repeat([]byte{byte(n), 1}, 16)},
	}
}

// book writes lines 1 to n, a minute apart.
func book(t testing.TB, n int64) [][]byte {
	t.Helper()
	var lines [][]byte
	prev := ""
	for i := range n {
		line, err := eventlog.Sign(signer(1), testkit.Now().Add(time.Duration(i)*time.Minute), headsAt(i+1), prev)
		if err != nil {
			t.Fatal(err)
		}
		lines, prev = append(lines, line), eventlog.LineHash(line)
	}
	return lines
}

func TestBook(t *testing.T) {
	t.Parallel()
	lines := book(t, 3)
	b, err := eventlog.ReadBook(bytes.NewReader(bytes.Join(lines, nil)), public(9), public(1))
	if err != nil || b.Bad != nil || b.Lines != 3 || !b.Last.Equal(testkit.Now().Add(2*time.Minute)) {
		t.Errorf("ReadBook() = %d lines, last %v, bad %v, %v", b.Lines, b.Last, b.Bad, err)
	}
	want := append(append(headsAt(1), headsAt(2)...), headsAt(3)...)
	if diff := cmp.Diff(want, b.Heads); diff != "" {
		t.Errorf("heads (-want +got):\n%s", diff)
	}
}

func TestBookTampered(t *testing.T) {
	t.Parallel()
	swap := func(line []byte, old, with string) []byte {
		out := strings.Replace(string(line), old, with, 1)
		if out == string(line) {
			t.Fatalf("%q is not in %s", old, line)
		}
		return []byte(out)
	}
	other, err := eventlog.Sign(signer(2), testkit.Now(), headsAt(2), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		do     func(l [][]byte) [][]byte
		line   int // 0 for none
		reason string
	}{
		"nothing":              {func(l [][]byte) [][]byte { return l }, 0, ""},
		"position edited":      {func(l [][]byte) [][]byte { l[1] = swap(l[1], `"position":2`, `"position":1`); return l }, 2, "signed"},
		"spelling edited":      {func(l [][]byte) [][]byte { l[1] = swap(l[1], `"position":2`, `"position": 2`); return l }, 2, "signed"},
		"time edited":          {func(l [][]byte) [][]byte { l[2] = swap(l[2], `"at":1`, `"at":2`); return l }, 3, "signed"},
		"line taken out":       {func(l [][]byte) [][]byte { return [][]byte{l[0], l[2], l[3]} }, 2, "follow"},
		"first line taken out": {func(l [][]byte) [][]byte { return l[1:] }, 1, "follow"},
		"lines swapped":        {func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l }, 2, "follow"},
		"line repeated":        {func(l [][]byte) [][]byte { return [][]byte{l[0], l[0]} }, 2, "follow"},
		"foreign key":          {func(l [][]byte) [][]byte { l[1] = other; return l }, 2, "key"},
		"foreign key, our name": {func(l [][]byte) [][]byte {
			l[1] = swap(other, eventlog.KeyID(public(2)), eventlog.KeyID(public(1)))
			return l
		}, 2, "signed"},
		"no signature":        {func(l [][]byte) [][]byte { l[1] = swap(l[1], `"signature":"`, `"x":"`); return l }, 2, "signed"},
		"rubbish":             {func(l [][]byte) [][]byte { l[1] = []byte("hello\n"); return l }, 2, "no line"},
		"empty line":          {func(l [][]byte) [][]byte { l[1] = []byte("\n"); return l }, 2, "no line"},
		"a very long line":    {func(l [][]byte) [][]byte { l[1] = append(bytes.Repeat([]byte("x"), 1<<20), '\n'); return l }, 2, "longer"},
		"half a line at last": {func(l [][]byte) [][]byte { l[3] = l[3][:40]; return l }, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := eventlog.ReadBook(bytes.NewReader(bytes.Join(c.do(book(t, 4)), nil)), public(1))
			if err != nil {
				t.Fatal(err)
			}
			if (b.Bad != nil) != (c.line > 0) || b.Bad != nil && (b.Bad.Line != c.line || !strings.Contains(b.Bad.Reason, c.reason)) {
				t.Errorf("ReadBook() found %v, want line %d …%s…", b.Bad, c.line, c.reason)
			}
			// What the lines after it remember still counts.
			if last := (event.Head{Shard: 0, Position: 4}); c.line == 2 && len(c.do(book(t, 4))) == 4 {
				found := false
				for _, h := range b.Heads {
					found = found || h.Shard == last.Shard && h.Position == last.Position
				}
				if !found {
					t.Errorf("the last line's heads were forgotten: %v", b.Heads)
				}
			}
		})
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		fill(t, db, 100)
		e, ok, err := eventlog.Last(context.Background(), db, "key3", "test.noted")
		var b noted
		if err != nil || !ok || e.Decode(&b) != nil || b.N != 83 {
			t.Errorf("Last() = %+v, %v, %v, want number 83", b, ok, err)
		}
		for _, c := range [][2]string{{"key3", "test.other"}, {"nobody", "test.noted"}} {
			if _, ok, err := eventlog.Last(context.Background(), db, c[0], c[1]); ok || err != nil {
				t.Errorf("Last(%s, %s) = %v, %v, want none", c[0], c[1], ok, err)
			}
		}
	})
}

// No text makes the reader fail, and none makes it believe what was not signed.
func FuzzReadBook(f *testing.F) {
	f.Add(bytes.Join(book(f, 2), nil))
	f.Add([]byte(`{"said":{"heads":[{"shard":9}]},"key":"","signature":"` + base64.StdEncoding.EncodeToString([]byte("x")) + `"}` + "\n"))
	good := map[string]bool{}
	for _, h := range append(headsAt(1), headsAt(2)...) {
		good[string(h.Hash)] = true
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := eventlog.ReadBook(bytes.NewReader(text), public(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range b.Heads {
			if !good[string(h.Hash)] {
				t.Fatalf("believed %v", h)
			}
		}
	})
}
