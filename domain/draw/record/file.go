package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// MostBytes bounds a file: a million entries need about 150 MB.
const MostBytes = 256 << 20

// Encode writes a record as a file of JSON, each entry and each result on a line. A record has one file, to the byte. Its last member is the
// SHA-256 of all bytes before that member.
func (r Record) Encode() []byte {
	var b bytes.Buffer
	member := func(name string, v any) {
		if b.Len() > 0 {
			b.WriteString(",\n")
		} else {
			b.WriteString("{\n")
		}
		b.WriteString(`"` + name + `": `)
		b.Write(line(v))
	}
	member("format", r.Format)
	member("id", r.ID)
	member("terms", r.Terms)
	member("terms_hash", r.TermsHash)
	if l := r.List; l != nil {
		member("listed", l.At)
		member("house_hash", l.House)
		member("list_hash", l.Hash)
		member("withdrawn", orNone(l.Withdrawn))
		b.WriteString(",\n\"entries\": [")
		rows(&b, l.Entries)
	}
	if r.Seed != nil {
		member("seed", r.Seed)
	}
	if r.Results != nil {
		member("results_hash", r.Results.Hash)
		b.WriteString(",\n\"results\": [")
		rows(&b, r.Results.Order)
	}
	if r.Cancelled != "" {
		member("cancelled", r.Cancelled)
	}
	s := sha256.Sum256(b.Bytes())
	member("sum", hex.EncodeToString(s[:]))
	b.WriteString("\n}\n")
	return b.Bytes()
}

func orNone(list []int) []int {
	if list == nil {
		return []int{}
	}
	return list
}

func rows[T any](b *bytes.Buffer, list []T) {
	for i, x := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line(x))
	}
	b.WriteString("\n]")
}

// line writes a value of this package, which always becomes JSON, without line breaks.
func line(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// file is a record as JSON has it.
type file struct {
	Format      string   `json:"format"`
	ID          string   `json:"id"`
	Terms       Terms    `json:"terms"`
	TermsHash   string   `json:"terms_hash"`
	Listed      *string  `json:"listed"`
	HouseHash   string   `json:"house_hash"`
	ListHash    string   `json:"list_hash"`
	Withdrawn   []int    `json:"withdrawn"`
	Entries     []Entry  `json:"entries"`
	Seed        *Seed    `json:"seed"`
	ResultsHash *string  `json:"results_hash"`
	Results     []Result `json:"results"`
	Cancelled   string   `json:"cancelled"`
	Sum         string   `json:"sum"`
}

// ErrFormat says that a file is no record of a draw.
var ErrFormat = errors.New("this is no record of a draw in the format " + Format)

// Decode reads a file as it stands. Whether what it says is so, Verify finds.
func Decode(b []byte) (Record, error) {
	if len(b) > MostBytes {
		return Record{}, fmt.Errorf("%w: it is larger than %d MB", ErrFormat, MostBytes>>20)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var f file
	if err := d.Decode(&f); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Record{}, fmt.Errorf("%w: something follows it", ErrFormat)
	}
	if f.Format != Format {
		return Record{}, fmt.Errorf("%w: it says %q", ErrFormat, f.Format)
	}
	r := Record{Format: f.Format, ID: f.ID, Terms: f.Terms, TermsHash: f.TermsHash, Seed: f.Seed, Cancelled: f.Cancelled, Sum: f.Sum}
	if f.Listed != nil {
		r.List = &List{At: *f.Listed, House: f.HouseHash, Hash: f.ListHash, Withdrawn: f.Withdrawn, Entries: f.Entries}
	}
	if f.ResultsHash != nil {
		r.Results = &Results{Hash: *f.ResultsHash, Order: f.Results}
	}
	return r, nil
}

// CSV writes the list with what became of each entry, for a table program; turn and place stay empty until the draw.
func (r Record) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	turn, place := map[int]int{}, map[int]string{}
	if r.Results != nil {
		for i, x := range r.Results.Order {
			turn[x.Number], place[x.Number] = i+1, x.Place
		}
	}
	if err := c.Write([]string{"number", "blind", "choices", "turn", "place"}); err != nil {
		return err
	}
	if r.List != nil {
		for _, e := range r.List.Entries {
			drawn := ""
			if n := turn[e.Number]; n > 0 {
				drawn = strconv.Itoa(n)
			}
			if err := c.Write([]string{strconv.Itoa(e.Number), e.Blind, strings.Join(e.Choices, " "), drawn, place[e.Number]}); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

// Entry finds an entry by its number.
func (r Record) Entry(number int) (Entry, bool) {
	if r.List == nil {
		return Entry{}, false
	}
	i := slices.IndexFunc(r.List.Entries, func(e Entry) bool { return e.Number == number })
	if i < 0 {
		return Entry{}, false
	}
	return r.List.Entries[i], true
}

// Result finds what became of an entry, and its turn, counted from 1; turn 0 when it was not drawn.
func (r Record) Result(number int) (x Result, turn int) {
	if r.Results == nil {
		return Result{}, 0
	}
	i := slices.IndexFunc(r.Results.Order, func(x Result) bool { return x.Number == number })
	if i < 0 {
		return Result{}, 0
	}
	return r.Results.Order[i], i + 1
}
