// Package record is the published record of a draw and everything that follows from it: which bytes are hashed, how the last seed is made, in
// which order entries are drawn and which places they get (docs/draw.md says it so that anybody can write it again in another language).
//
// All of it is pure and depends on the record alone. Verify works everything out anew from what a record says was put in, and names the
// first place where the record says something else; a record that it finds equal is equal to the byte.
package record

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Format names this way of drawing. Another way, however little it differs, is another name.
const Format = "zhijian-draw-1"

// Record is what is published of a draw. Parts that have not happened yet are absent.
type Record struct {
	Format    string
	ID        string
	Terms     Terms
	TermsHash string
	List      *List
	Seed      *Seed
	Results   *Results
	Cancelled string // reason for which the draw does not take place; empty for none
	Sum       string // of the record itself
}

// Text is a wording in both languages.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Terms are announced before anybody can enter, and never change.
type Terms struct {
	Title   Text    `json:"title"`
	About   Text    `json:"about"`   // what is drawn, and who can enter
	By      string  `json:"by"`      // the department
	City    string  `json:"city"`    // GB/T 2260
	Series  string  `json:"series"`  // what draws of one matter have in common
	Period  string  `json:"period"`  // six digits, unique in the series
	Opens   string  `json:"opens"`   // this and the next two: RFC 3339, UTC, whole seconds
	Closes  string  `json:"closes"`  // entries come before this moment
	Moment  string  `json:"moment"`  // of the draw; the public seed is not known before
	Source  Text    `json:"source"`  // who publishes the public seed, and where
	Example string  `json:"example"` // how it is written
	Choices int     `json:"choices"` // how many places one entry may name, in its order
	Places  []Place `json:"places"`
}

// Place is what can be won: one thing, or one of several with a number each.
type Place struct {
	Code  string `json:"code"`
	Name  Text   `json:"name"`
	Count int    `json:"count"`
}

// List is who takes part, published together with the hash of the house's own seed.
type List struct {
	At        string // RFC 3339
	House     string // SHA-256 of the house's seed
	Hash      string
	Withdrawn []int   // numbers that were given back, ascending
	Entries   []Entry // ascending by Blind
}

// Entry is one line of the list.
type Entry struct {
	Number  int      `json:"number"`
	Blind   string   `json:"blind"`   // Blind of the person, with a nonce that only they know
	Choices []string `json:"choices"` // codes of places, the dearest first
}

// Seed is what both sides put in, and what it came to.
type Seed struct {
	At     string `json:"at"` // RFC 3339
	Public string `json:"public"`
	House  string `json:"house"`
	Final  string `json:"final"`
}

// Results are the entries in the order in which they were drawn.
type Results struct {
	Hash  string
	Order []Result
}

// Result is what became of one entry.
type Result struct {
	Number int    `json:"number"`
	Place  string `json:"place"` // code; empty for none
}

// pack writes an item so that no two rows of items have the same bytes: its length in decimal, a colon, the bytes, a line feed.
func pack(h hash.Hash, items ...string) {
	for _, x := range items {
		h.Write([]byte(strconv.Itoa(len(x)) + ":" + x + "\n"))
	}
}

func sum(tag string, items ...string) string {
	h := tagged(sha256.New(), tag, items...)
	return hex.EncodeToString(h.Sum(nil))
}

func tagged(h hash.Hash, tag string, items ...string) hash.Hash {
	pack(h, Format+"/"+tag)
	pack(h, items...)
	return h
}

// Hash is what fixes the terms of draw id.
func (t Terms) Hash(id string) string {
	h := tagged(sha256.New(), "terms", id, t.Title.Zh, t.Title.En, t.About.Zh, t.About.En, t.By, t.City, t.Series, t.Period,
		t.Opens, t.Closes, t.Moment, t.Source.Zh, t.Source.En, t.Example, strconv.Itoa(t.Choices), strconv.Itoa(len(t.Places)))
	for _, p := range t.Places {
		pack(h, p.Code, p.Name.Zh, p.Name.En, strconv.Itoa(p.Count))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Blind hides a person behind a nonce of 256 random bits and binds their entry to them: without the nonce nobody finds the person, though
// they try every citizen number, and no other person fits it. person is the citizen number, 18 characters, with a capital X.
func Blind(id string, number int, person, nonce string) string {
	return sum("entry", id, strconv.Itoa(number), person, nonce)
}

// Arrange brings a list into its one order and gives its hash. The order in which entries came leaves no trace in it.
func (l *List) Arrange(id, terms string) {
	slices.SortFunc(l.Entries, func(a, b Entry) int { return strings.Compare(a.Blind, b.Blind) })
	slices.Sort(l.Withdrawn)
	l.Hash = l.hash(id, terms)
}

func (l *List) hash(id, terms string) string {
	h := tagged(sha256.New(), "list", id, terms, strconv.Itoa(len(l.Entries)), strconv.Itoa(len(l.Withdrawn)))
	for _, e := range l.Entries {
		pack(h, strconv.Itoa(e.Number), e.Blind, strings.Join(e.Choices, ","))
	}
	for _, n := range l.Withdrawn {
		pack(h, strconv.Itoa(n))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Commit is the hash by which the house binds itself to its seed: SHA-256 of the seed's bytes. Empty when the seed is not 64 hexadecimal digits.
func Commit(house string) string {
	b, ok := bytes32(house)
	if !ok {
		return ""
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Final joins both seeds with the list. Empty when the house's seed is not 64 hexadecimal digits.
func Final(id, list, public, house string) string {
	key, ok := bytes32(house)
	if !ok {
		return ""
	}
	return hex.EncodeToString(tagged(hmac.New(sha256.New, key), "seed", id, list, public).Sum(nil))
}

// bytes32 reads 64 lower-case hexadecimal digits.
func bytes32(s string) ([]byte, bool) {
	b, err := hex.DecodeString(s)
	return b, err == nil && len(b) == 32 && s == strings.ToLower(s)
}

// Draw gives every entry its turn and each turn a place. The turn is a number that only the last seed decides: HMAC-SHA-256 of the line, so
// that every order is as likely as any other, within 1 in 2^128. Each takes the first of its choices that still has a place.
func Draw(final string, places []Place, entries []Entry) Results {
	key, _ := hex.DecodeString(final)
	type ticket struct {
		score string
		entry Entry
	}
	tickets := make([]ticket, len(entries))
	mac := hmac.New(sha256.New, key)
	for i, e := range entries {
		mac.Reset()
		tickets[i] = ticket{string(tagged(mac, "score", e.Blind).Sum(nil)), e}
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		return cmp.Or(strings.Compare(a.score, b.score), strings.Compare(a.entry.Blind, b.entry.Blind))
	})
	left := map[string]int{}
	for _, p := range places {
		left[p.Code] = p.Count
	}
	r := Results{Order: make([]Result, len(tickets))}
	for i, t := range tickets {
		r.Order[i].Number = t.entry.Number
		for _, code := range t.entry.Choices {
			if left[code] > 0 {
				left[code]--
				r.Order[i].Place = code
				break
			}
		}
	}
	return r
}

func (r Results) hash(id, final string) string {
	h := tagged(sha256.New(), "results", id, final, strconv.Itoa(len(r.Order)))
	for _, x := range r.Order {
		pack(h, strconv.Itoa(x.Number), x.Place)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Announced begins a record.
func Announced(id string, t Terms) Record {
	return Record{Format: Format, ID: id, Terms: t, TermsHash: t.Hash(id)}
}

// Listed adds the list, arranged, and the hash of the house's seed.
func (r Record) Listed(at, house string, entries []Entry, withdrawn []int) Record {
	l := List{At: at, House: house, Entries: slices.Clone(entries), Withdrawn: slices.Clone(withdrawn)}
	l.Arrange(r.ID, r.TermsHash)
	r.List = &l
	return r
}

// Drawn adds both seeds and what follows from them. The record has its list.
func (r Record) Drawn(at, public, house string) Record {
	final := Final(r.ID, r.List.Hash, public, house)
	r.Seed = &Seed{At: at, Public: public, House: house, Final: final}
	results := Draw(final, r.Terms.Places, r.List.Entries)
	results.Hash = results.hash(r.ID, final)
	r.Results = &results
	return r
}

// Stamp writes a moment as records have it.
func Stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
