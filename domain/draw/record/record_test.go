package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/draw/record"
)

func terms(choices int, places ...record.Place) record.Terms {
	return record.Terms{
		Title: record.Text{Zh: "第一期小客车指标摇号（演示）", En: "Car quota draw 1 (demo)"}, About: record.Text{Zh: "普通指标", En: "Ordinary quotas"},
		By: "演示交管", City: "110000", Series: "plates", Period: "202606", Opens: "2026-05-01T01:00:00Z", Closes: "2026-06-01T01:00:00Z", Moment: "2026-06-02T13:30:00Z",
		Source: record.Text{Zh: "双色球当晚开奖号码", En: "That evening's lottery numbers"}, Example: "03 07 11 19 22 30 05", Choices: choices, Places: slices.Clone(places),
	}
}

func plate(n int) record.Place {
	return record.Place{Code: "plate", Name: record.Text{Zh: "普通指标", En: "Quota"}, Count: n}
}

// person is an invented citizen number; its check digit is of no matter here.
func person(n int) string { return fmt.Sprintf("11010519900101%03dX", n) }

func nonce(n int) string { return fmt.Sprintf("%064x", n*n+7) }

const (
	id     = "7K2Q9D0M7K2Q9D0MA"
	house  = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	public = "03 07 11 19 22 30 05"
)

// entries are n of them; their choices come from the codes in turn.
func entries(n int, choices func(int) []string) []record.Entry {
	list := make([]record.Entry, 0, n)
	for i := 1; i <= n; i++ {
		list = append(list, record.Entry{Number: i, Blind: record.Blind(id, i, person(i), nonce(i)), Choices: choices(i)})
	}
	return list
}

func onePlate(int) []string { return []string{"plate"} }

var schools = []record.Place{
	{Code: "first", Name: record.Text{Zh: "第一小学（演示）", En: "First School (demo)"}, Count: 2},
	{Code: "second", Name: record.Text{Zh: "第二小学（演示）", En: "Second School (demo)"}, Count: 3},
	{Code: "third", Name: record.Text{Zh: "第三小学（演示）", En: "Third School (demo)"}, Count: 1},
}

func ranking(i int) []string {
	all := []string{"first", "second", "third"}
	return [][]string{all, {"second", "first"}, {"third"}, {"first"}}[i%4]
}

// example is the vector of docs/draw.md: ten entries, one given back, three schools.
func example() record.Record {
	list := entries(10, ranking)
	list = slices.DeleteFunc(list, func(e record.Entry) bool { return e.Number == 4 })
	r := record.Announced(id, terms(3, schools...))
	return r.Listed("2026-06-01T01:00:05Z", record.Commit(house), list, []int{4}).Drawn("2026-06-02T13:45:00Z", public, house)
}

const vector = "testdata/example.json"

func TestVector(t *testing.T) {
	t.Parallel()
	b := example().Encode()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(vector, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(vector)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(b)); diff != "" {
		t.Errorf("the published way of drawing has changed, which needs another name:\n%s", diff)
	}
	r, err := record.Verify(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := record.Blind(id, 1, person(1), nonce(1)); !slices.ContainsFunc(r.List.Entries, func(e record.Entry) bool { return e.Number == 1 && e.Blind == got }) {
		t.Error("entry 1 does not open")
	}
	if record.Blind(id, 1, person(2), nonce(1)) == record.Blind(id, 1, person(1), nonce(1)) || record.Blind(id, 2, person(1), nonce(1)) == record.Blind(id, 1, person(1), nonce(1)) {
		t.Error("a line opens to another person or number")
	}
}

// TestStrangersVerifier runs the reference in another language, where there is an interpreter, on the vector and on one that was changed.
func TestStrangersVerifier(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Log("no python3 on this machine: the vector alone stands for the reference")
		return
	}
	run := func(file string) (string, error) {
		out, err := exec.CommandContext(context.Background(), python, "../../../docs/draw-verify.py", file).CombinedOutput()
		return string(out), err
	}
	if out, err := run(vector); err != nil || !strings.Contains(out, "equal") {
		t.Errorf("the reference says %q, %v", out, err)
	}
	b, err := os.ReadFile(vector)
	if err != nil {
		t.Fatal(err)
	}
	bad := t.TempDir() + "/bad.json"
	if err := os.WriteFile(bad, bytes.Replace(b, []byte(`"public":"03`), []byte(`"public":"04`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(bad); err == nil || !strings.Contains(out, "seed") {
		t.Errorf("the reference says of a changed record %q, %v", out, err)
	}
}

// TestEveryByteCounts: whichever byte of a record is another one, the record is found to be changed.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	whole := example().Encode()
	for i := range whole {
		for _, flip := range []byte{1, 0x20, 0x80} {
			b := bytes.Clone(whole)
			b[i] ^= flip
			if _, err := record.Verify(b); err == nil {
				t.Errorf("byte %d, %q for %q, passes", i, b[i], whole[i])
			}
		}
	}
	for _, b := range [][]byte{append(bytes.Clone(whole), '\n'), whole[:len(whole)-1], nil, append(bytes.Clone(whole), whole...)} {
		if _, err := record.Verify(b); err == nil {
			t.Errorf("%d bytes in place of %d pass", len(b), len(whole))
		}
	}
}

// TestFirstDifference: what was changed with all that hangs on it in the same part is named.
func TestFirstDifference(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*record.Record)
		where  string
	}{
		"terms":            {func(r *record.Record) { r.Terms.Places[0].Count++ }, "terms_hash"},
		"terms, hashed":    {func(r *record.Record) { r.Terms.Places[0].Count++; r.TermsHash = r.Terms.Hash(r.ID) }, "list_hash"},
		"an entry dropped": {func(r *record.Record) { r.List.Entries = r.List.Entries[1:]; r.List.Arrange(r.ID, r.TermsHash) }, "numbers"},
		"an entry added": {func(r *record.Record) {
			r.List.Entries = append(r.List.Entries, record.Entry{Number: 11, Blind: strings.Repeat("f", 64), Choices: []string{"first"}})
		}, "list_hash"},
		"added, hashed": {func(r *record.Record) {
			r.List.Entries = append(r.List.Entries, record.Entry{Number: 11, Blind: strings.Repeat("f", 64), Choices: []string{"first"}})
			r.List.Arrange(r.ID, r.TermsHash)
		}, "seed.final"},
		"choices": {func(r *record.Record) {
			r.List.Entries[0].Choices = []string{"nowhere"}
			r.List.Arrange(r.ID, r.TermsHash)
		}, "entries 1"},
		"the house's seed":      {func(r *record.Record) { r.Seed.House = strings.Repeat("0", 64) }, "seed.house, hashed"},
		"the public seed":       {func(r *record.Record) { r.Seed.Public = "1" }, "seed.final"},
		"a seed that is none":   {func(r *record.Record) { r.Seed.Public = "1  2" }, "seed.public"},
		"a winner":              {func(r *record.Record) { r.Results.Order[0].Place = "" }, "results 1"},
		"the order":             {func(r *record.Record) { slices.Reverse(r.Results.Order) }, "results 1"},
		"the last":              {func(r *record.Record) { r.Results.Order = r.Results.Order[:8] }, "results"},
		"before its time":       {func(r *record.Record) { r.Seed.At = "2026-06-02T13:00:00Z" }, "seed.at"},
		"drawn without entries": {func(r *record.Record) { r.List = nil }, "listed"},
		"when it was listed":    {func(r *record.Record) { r.List.At = "2026-06-01T01:00:06Z" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := example()
			c.change(&r)
			var d *record.Difference
			_, err := record.Verify(r.Encode())
			if c.where == "" { // a whole record of its own, which only what was noted before tells apart
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.As(err, &d) || d.Where != c.where {
				t.Errorf("found %v, want %s", err, c.where)
			}
		})
	}
}

// TestOrderOfEntriesIsOfNoMatter: in whatever order entries are handed in, the file is the same.
func TestOrderOfEntriesIsOfNoMatter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	list := entries(50, ranking)
	build := func() []byte {
		return record.Announced(id, terms(3, schools...)).Listed("2026-06-01T01:00:05Z", record.Commit(house), list, nil).Drawn("2026-06-02T13:45:00Z", public, house).Encode()
	}
	want := build()
	for range 50 {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if !bytes.Equal(want, build()) {
			t.Fatal("another order, another result")
		}
	}
}

// TestNobodyTwiceNothingOver: whatever is drawn, every entry has one turn, no place is given more often than it is there or to who did not
// ask for it, and nobody goes without while one of their choices is left.
func TestNobodyTwiceNothingOver(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		places := slices.Clone(schools)
		for i := range places {
			places[i].Count = 1 + random.IntN(5)
		}
		list := entries(random.IntN(30), func(i int) []string { return ranking(i + random.IntN(4)) })
		r := record.Draw(fmt.Sprintf("%064x", random.Uint64()), places, list)
		won, turns := map[string]int{}, map[int]bool{}
		for _, x := range r.Order {
			turns[x.Number] = true
			chosen := list[slices.IndexFunc(list, func(e record.Entry) bool { return e.Number == x.Number })].Choices
			for _, code := range chosen {
				if code == x.Place {
					break
				}
				if won[code] < places[slices.IndexFunc(places, func(p record.Place) bool { return p.Code == code })].Count {
					t.Fatalf("entry %d got %q while %q was left", x.Number, x.Place, code)
				}
			}
			if x.Place != "" && !slices.Contains(chosen, x.Place) {
				t.Fatalf("entry %d got %q, which it never asked for", x.Number, x.Place)
			}
			won[x.Place]++
		}
		if len(turns) != len(list) || len(r.Order) != len(list) {
			t.Fatalf("%d turns of %d entries", len(r.Order), len(list))
		}
		for _, p := range places {
			if won[p.Code] > p.Count {
				t.Fatalf("%d of %d places at %s", won[p.Code], p.Count, p.Code)
			}
		}
	}
}

// TestUniform: over 20,000 public seeds every one of 20 entries wins one of 5 places about as often. The statistic is chi-square with 19
// degrees of freedom, whose 99.9 % point is 43.8; the seeds are fixed, so the test says the same each time.
func TestUniform(t *testing.T) {
	t.Parallel()
	const rounds, n, places = 20000, 20, 5
	list := entries(n, onePlate)
	l := record.List{Entries: list}
	l.Arrange(id, "")
	wins, first := map[int]int{}, map[int]int{}
	for i := range rounds {
		r := record.Draw(record.Final(id, l.Hash, fmt.Sprint(i), house), []record.Place{plate(places)}, list)
		first[r.Order[0].Number]++
		for _, x := range r.Order {
			if x.Place != "" {
				wins[x.Number]++
			}
		}
	}
	for name, c := range map[string]struct {
		count map[int]int
		share float64
	}{"places": {wins, float64(places) / n}, "first turns": {first, 1.0 / n}} {
		chi := 0.0
		for i := range n {
			want := rounds * c.share
			d := float64(c.count[i+1]) - want
			chi += d * d / (want * (1 - c.share) * n / (n - 1))
		}
		if chi > 43.8 {
			t.Errorf("%s: chi-square is %.1f: %v", name, chi, slices.Sorted(maps.Values(c.count)))
		}
	}
}

func TestGoodSeed(t *testing.T) {
	t.Parallel()
	for s, good := range map[string]bool{
		public: true, "3214.56": true, "a": true, strings.Repeat("f", 200): true,
		"": false, " 1": false, "1 ": false, "1  2": false, "１２": false, "1\n2": false, strings.Repeat("f", 201): false,
	} {
		if record.GoodSeed(s) != good {
			t.Errorf("%q: want %v", s, good)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(example().Encode())
	f.Add([]byte(`{"format":"zhijian-draw-1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := record.Verify(b)
		if err == nil && !bytes.Equal(r.Encode(), b) {
			t.Error("what is found equal has another file")
		}
	})
}

func BenchmarkDraw100000(b *testing.B) {
	r := record.Announced(id, terms(1, plate(1000))).Listed("2026-06-01T01:00:05Z", record.Commit(house), entries(100_000, onePlate), nil).Drawn("2026-06-02T13:45:00Z", public, house)
	file := r.Encode()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := record.Verify(file); err != nil {
			b.Fatal(err)
		}
	}
}
