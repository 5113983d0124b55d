// Package ndjson reads visits written as newline-delimited JSON, one flat object a line (docs/visit-log.md).
//
// It knows only what a visit needs, which makes it many times as fast as a general reader, and takes nothing that could be
// read two ways: no member twice, in another case or with escapes, no fraction, no sign. What it takes is JSON that says
// the same to every other reader; a fuzz test holds it against encoding/json. It keeps no state between lines.
package ndjson

import (
	"errors"
	"fmt"

	"zhijian/store/visitlog"
)

// Line is one line: a visit, the region code of where its account belongs, 0 when the line does not say, and whether the visit is made up.
type Line struct {
	visitlog.Visit
	Home      uint32
	Simulated bool
}

// Kinds are the names of the kinds in a line.
var Kinds = map[string]visitlog.Kind{"view": visitlog.View, "read": visitlog.Read, "click": visitlog.Click, "service": visitlog.Serving}

// The members of a line, in the order of docs/visit-log.md. All are whole numbers but the kind.
const (
	memberAt = iota
	memberAccount
	memberKind
	memberPerson
	memberCity
	memberService
	memberChannel
	memberLevel
	memberHome
	memberSimulated
	memberCount
)

const required = 1<<memberAt | 1<<memberAccount | 1<<memberKind

// members has the names, and the least and largest number of each.
var members = [memberCount]struct {
	name     string
	min, max uint64
}{
	{"at", 0, 1<<42 - 1},
	{"account", 1, 1<<32 - 1},
	{"kind", 0, 0},
	{"person", 0, 1<<32 - 1},
	{"city", 0, 1<<32 - 1},
	{"service", 0, 1<<16 - 1},
	{"channel", 0, 1<<8 - 1},
	{"level", 0, 1<<8 - 1},
	{"home", 0, 1<<32 - 1},
	{"simulated", 0, 1},
}

// member gives the member of a name, memberCount for none. The compiler makes a switch of it that looks at length and
// bytes once, where a loop over members took a third of the time of a line.
func member(name []byte) int {
	switch string(name) {
	case "at":
		return memberAt
	case "account":
		return memberAccount
	case "kind":
		return memberKind
	case "person":
		return memberPerson
	case "city":
		return memberCity
	case "service":
		return memberService
	case "channel":
		return memberChannel
	case "level":
		return memberLevel
	case "home":
		return memberHome
	case "simulated":
		return memberSimulated
	}
	return memberCount
}

var (
	errNoObject = errors.New("it is not one flat JSON object")
	errKind     = errors.New(`"kind" is none of "view", "read", "click" and "service"`)
)

// Parse reads a line without its end. The error says in words what is wrong with it; it repeats no value of the line.
func Parse(b []byte) (Line, error) {
	s := scanner{b: b}
	if !s.sign('{') {
		return Line{}, errNoObject
	}
	var values [memberCount]uint64
	seen := 0
	if !s.sign('}') {
		for {
			if err := s.member(&values, &seen); err != nil {
				return Line{}, err
			}
			if s.sign(',') {
				continue
			}
			if !s.sign('}') {
				return Line{}, errNoObject
			}
			break
		}
	}
	if s.blanks(); s.at < len(s.b) {
		return Line{}, errNoObject
	}
	if seen&required != required {
		return Line{}, missing(seen)
	}
	return lineOf(&values), nil
}

func missing(seen int) error {
	for i, m := range members {
		if required>>i&1 == 1 && seen>>i&1 == 0 {
			return fmt.Errorf("%q is missing", m.name)
		}
	}
	return nil
}

func lineOf(v *[memberCount]uint64) Line {
	return Line{
		Visit: visitlog.Visit{
			At: int64(v[memberAt]), Account: uint32(v[memberAccount]), Person: uint32(v[memberPerson]), City: uint32(v[memberCity]),
			Service: uint16(v[memberService]), Kind: visitlog.Kind(v[memberKind]), Channel: uint8(v[memberChannel]), Level: uint8(v[memberLevel]),
		},
		Home: uint32(v[memberHome]), Simulated: v[memberSimulated] == 1,
	}
}

// scanner goes through one line.
type scanner struct {
	b  []byte
	at int
}

// member reads one member into values.
func (s *scanner) member(values *[memberCount]uint64, seen *int) error {
	name, ok := s.text()
	if !ok || !s.sign(':') {
		return errNoObject
	}
	i := member(name)
	switch {
	case i == memberCount:
		return fmt.Errorf("the member %.40q is not known", name)
	case *seen>>i&1 == 1:
		return fmt.Errorf("%q is there twice", members[i].name)
	}
	*seen |= 1 << i
	if i == memberKind {
		text, _ := s.text()
		kind, ok := kindOf(text)
		if !ok {
			return errKind
		}
		values[i] = uint64(kind)
		return nil
	}
	n, ok := s.whole()
	if m := &members[i]; !ok || n < m.min || n > m.max {
		return fmt.Errorf("%q is not a whole number from %d to %d", m.name, m.min, m.max)
	}
	values[i] = n
	return nil
}

// kindOf looks a name up without hashing it.
func kindOf(name []byte) (visitlog.Kind, bool) {
	switch string(name) {
	case "view":
		return visitlog.View, true
	case "read":
		return visitlog.Read, true
	case "click":
		return visitlog.Click, true
	case "service":
		return visitlog.Serving, true
	}
	return 0, false
}

func (s *scanner) blanks() {
	for s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\t' || s.b[s.at] == '\r') {
		s.at++
	}
}

// sign passes over c, which may have blanks before it, and reports whether it was there.
func (s *scanner) sign(c byte) bool {
	if s.at >= len(s.b) || s.b[s.at] != c {
		if s.blanks(); s.at >= len(s.b) || s.b[s.at] != c {
			return false
		}
	}
	s.at++
	return true
}

// text reads a string without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.sign('"') {
		return nil, false
	}
	for i := s.at; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			text := s.b[s.at:i]
			s.at = i + 1
			return text, true
		case c == '\\' || c < 0x20:
			return nil, false
		}
	}
	return nil, false
}

// whole reads a whole number of up to 15 digits without sign or leading zeros.
func (s *scanner) whole() (n uint64, ok bool) {
	s.blanks()
	begin := s.at
	for s.at < len(s.b) {
		d := s.b[s.at] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		s.at++
	}
	digits := s.at - begin
	if digits == 0 || digits > 15 || digits > 1 && s.b[begin] == '0' {
		return 0, false
	}
	return n, true
}
