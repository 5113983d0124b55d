package ndjson_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
	"zhijian/store/visitlog/stream"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"at":1,"account":2,"kind":"view"}`:                                          "",
		` { "kind" : "service" , "at" : 0 , "account" : 4294967295 , "service": 7 } `: "",
		"{\"at\":1,\"account\":2,\"kind\":\"view\"}\r":                                "",
		`{}`:                                    `"at" is missing`,
		`{ }`:                                   `"at" is missing`,
		`{"at":1,"account":2}`:                  `"kind" is missing`,
		`{"at":1,"account":2,"kind":"view",}`:   "it is not one flat JSON object",
		`{"at":1,"account":2,"kind":"view"} {}`: "it is not one flat JSON object",
		`{"at":1,"account":2,"kind":"view"`:     "it is not one flat JSON object",
		`{,"at":1}`:                             "it is not one flat JSON object",
		`{`:                                     "it is not one flat JSON object",
		``:                                      "it is not one flat JSON object",
		`[]`:                                    "it is not one flat JSON object",
		`{"at":1,"at":1}`:                       `"at" is there twice`,
		`{"At":1}`:                              `the member "At" is not known`,
		`{"\u0061t":1}`:                         "it is not one flat JSON object",
		`{"at":"1"}`:                            `"at" is not a whole number from 0 to 4398046511103`,
		`{"at":-1}`:                             `"at" is not a whole number from 0 to 4398046511103`,
		`{"at":01}`:                             `"at" is not a whole number from 0 to 4398046511103`,
		`{"at":1.5}`:                            "it is not one flat JSON object",
		`{"at":1e3}`:                            "it is not one flat JSON object",
		`{"at":99999999999999999999999}`:        `"at" is not a whole number from 0 to 4398046511103`,
		`{"service":65536}`:                     `"service" is not a whole number from 0 to 65535`,
		`{"kind":"look"}`:                       `"kind" is none of "view", "read", "click" and "service"`,
		`{"kind":1}`:                            `"kind" is none of "view", "read", "click" and "service"`,
		`{"simulated":true}`:                    `"simulated" is not a whole number from 0 to 1`,
		`{"simulated":2}`:                       `"simulated" is not a whole number from 0 to 1`,
		`{"level":null}`:                        `"level" is not a whole number from 0 to 255`,
		`{"at":1,"account":2,"kind":"view" "x":1}`: "it is not one flat JSON object",
	} {
		_, err := ndjson.Parse([]byte(text))
		if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// What a line says is what comes out, and Append writes what Parse reads.
func TestAppend(t *testing.T) {
	t.Parallel()
	s := visits(t, 2000)
	s = append(s, visitlog.Visit{Account: 1, Kind: visitlog.Read},
		visitlog.Visit{At: 1<<42 - 1, Account: 1<<32 - 1, Person: 1<<32 - 1, City: 1<<32 - 1, Service: 1<<16 - 1, Kind: visitlog.Serving, Channel: 255, Level: 255})
	for _, v := range s {
		b := ndjson.Append(nil, v)
		l, err := ndjson.Parse(b[:len(b)-1])
		if err != nil || l.Visit != v || l.Home != 0 {
			t.Fatalf("%s: %+v, %v", b, l, err)
		}
	}
	l, err := ndjson.Parse([]byte(`{"home":330100,"at":9,"kind":"click","account":8,"level":7,"channel":6,"service":5,"city":4,"person":3}`))
	want := ndjson.Line{Visit: visitlog.Visit{At: 9, Account: 8, Person: 3, City: 4, Service: 5, Kind: visitlog.Click, Channel: 6, Level: 7}, Home: 330100}
	if err != nil || l != want {
		t.Errorf("%+v, %v", l, err)
	}
	want.Simulated = true
	b := ndjson.AppendLine(nil, want)
	if l, err = ndjson.Parse(b[:len(b)-1]); err != nil || l != want {
		t.Errorf("%s: %+v, %v", b, l, err)
	}
}

// A file that was cut into pieces still says of every visit that it is made up.
func TestSimulated(t *testing.T) {
	t.Parallel()
	text := `{"at":1,"account":1,"kind":"view","simulated":1}` + "\n" + `{"at":1,"account":1,"kind":"view","simulated":0}` + "\n" + `{"at":1,"account":0,"kind":"view","simulated":1}` + "\n"
	r, list, refused, err := all(strings.NewReader(text), 2, nil)
	if err != nil || len(list) != 2 || len(refused) != 1 || r.Simulated() != 1 {
		t.Errorf("%d visits, %d refused, %d simulated, %v", len(list), len(refused), r.Simulated(), err)
	}
}

func visits(t testing.TB, n uint64) []visitlog.Visit {
	t.Helper()
	s, err := stream.New(stream.Config{Visits: n, People: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	list := make([]visitlog.Visit, n)
	s.Fill(list, 0)
	return list
}

// all reads in to its end, n visits at a time.
func all(in io.Reader, n int, check func(ndjson.Line) error) (r *ndjson.Reader, list []visitlog.Visit, refused []string, err error) {
	r = ndjson.NewReader(in, check, func(line uint64, why error) { refused = append(refused, fmt.Sprintf("%d: %v", line, why)) })
	buf := make([]visitlog.Visit, n)
	for {
		got, err := r.Fill(buf)
		list = append(list, buf[:got]...)
		if err != nil || got == 0 {
			return r, list, refused, err
		}
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	want := visits(t, 3000)
	var text bytes.Buffer
	for i, v := range want {
		text.Write(ndjson.Append(nil, v))
		if i == 1 {
			text.WriteString("\n \r\nnonsense\n{\"at\":1,\"account\":0,\"kind\":\"view\"}\n" + strings.Repeat("x", 70_000) + "\n" + strings.Repeat("y", 600_000) + "\n")
		}
	}
	text.WriteString(`{"at":1,"account":13,"kind":"view"}` + "\n" + strings.Repeat(" ", 9)) // and no end of line
	wrong := []string{
		"5: it is not one flat JSON object", `6: "account" is not a whole number from 1 to 4294967295`,
		"7: it is longer than 64 KB", "8: it is longer than 64 KB", "3007: not this one",
	}
	check := func(l ndjson.Line) error {
		if l.Account == 13 && l.At == 1 {
			return errors.New("not this one")
		}
		return nil
	}
	for _, n := range []int{1, 7, 3000, 65_536} {
		for _, in := range []io.Reader{bytes.NewReader(text.Bytes()), iotest.OneByteReader(bytes.NewReader(text.Bytes())), iotest.DataErrReader(bytes.NewReader(text.Bytes()))} {
			r, list, refused, err := all(in, n, check)
			if d := cmp.Diff(want, list); err != nil || d != "" {
				t.Fatalf("%d at a time: %v %s", n, err, d)
			}
			if d := cmp.Diff(wrong, refused); d != "" || r.Refused() != 5 || r.Taken() != 3000 || r.Lines() != 3008 {
				t.Fatalf("%d at a time: %d lines, %d taken, %d refused %s", n, r.Lines(), r.Taken(), r.Refused(), d)
			}
		}
	}
	broken := errors.New("the line went dead")
	_, list, _, err := all(io.MultiReader(bytes.NewReader(text.Bytes()[:2000]), iotest.ErrReader(broken)), 100, nil)
	if !errors.Is(err, broken) || len(list) == 0 || len(list) > 30 {
		t.Errorf("a broken input: %d visits, %v", len(list), err)
	}
}

// The sum is of whole lines only, wherever a lot ends: that is what makes a repeated delivery recognisable.
func TestSumming(t *testing.T) {
	t.Parallel()
	var text []byte
	ends := []int{0}
	for _, v := range visits(t, 100) {
		text = ndjson.Append(text, v)
		ends = append(ends, len(text))
	}
	r := ndjson.NewReader(bytes.NewReader(text), nil, nil)
	h := sha256.New()
	r.Summing(h)
	buf := make([]visitlog.Visit, 7)
	for {
		n, err := r.Fill(buf)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := h.Sum(nil), sha256.Sum256(text[:ends[r.Lines()]]); !bytes.Equal(got, want[:]) {
			t.Fatalf("another sum after %d lines", r.Lines())
		}
		if n == 0 {
			break
		}
	}
}

// FuzzLine: what is taken is JSON that says the same to a general reader, and a visit that the log takes.
func FuzzLine(f *testing.F) {
	f.Add([]byte(`{"at":1438358400000,"account":2,"kind":"view","person":3,"city":330100,"service":5,"channel":1,"level":3,"home":330100}`))
	f.Add([]byte(`{"at":1,"account":2,"kind":"read"} `))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ndjson.Parse(b)
		if err != nil {
			return
		}
		var m struct {
			At                                      int64
			Account, Person, City, Service, Channel uint64
			Level, Home, Simulated                  uint64
			Kind                                    string
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil || d.More() {
			t.Fatalf("%q is no JSON: %v", b, err)
		}
		same := m.At == l.At && m.Account == uint64(l.Account) && m.Person == uint64(l.Person) && m.City == uint64(l.City) && m.Service == uint64(l.Service) &&
			m.Channel == uint64(l.Channel) && m.Level == uint64(l.Level) && m.Home == uint64(l.Home) && m.Simulated == 1 == l.Simulated && ndjson.Kinds[m.Kind] == l.Kind
		if err := l.Check(); err != nil || !same {
			t.Fatalf("%q: %+v, %+v, %v", b, l, m, err)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var text []byte
	for _, v := range visits(b, 100_000) {
		text = ndjson.Append(text, v)
	}
	buf := make([]visitlog.Visit, visitlog.MaxCall)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := ndjson.NewReader(bytes.NewReader(text), nil, nil)
		for {
			n, err := r.Fill(buf)
			if err != nil {
				b.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "lines/s")
}
