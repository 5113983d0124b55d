package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"zhijian/store/visitlog"
)

// visitLine is one line of a file of visits: a visit, and where its account belongs, 0 when the line does not say.
type visitLine struct {
	visitlog.Visit
	home uint32
}

// visitKinds are the names of the kinds in a line.
var visitKinds = map[string]visitlog.Kind{"view": visitlog.View, "read": visitlog.Read, "click": visitlog.Click, "service": visitlog.Serving}

// visitMembers are the members of a line, in the order of docs/visit-log.md. All are whole numbers but the kind.
var visitMembers = []struct {
	name     string
	required bool
	min, max uint64
	set      func(*visitLine, uint64)
}{
	{"at", true, 0, 1<<42 - 1, func(l *visitLine, n uint64) { l.At = int64(n) }},
	{"account", true, 1, 1<<32 - 1, func(l *visitLine, n uint64) { l.Account = uint32(n) }},
	{"kind", true, 0, 0, nil},
	{"person", false, 0, 1<<32 - 1, func(l *visitLine, n uint64) { l.Person = uint32(n) }},
	{"city", false, 0, 1<<32 - 1, func(l *visitLine, n uint64) { l.City = uint32(n) }},
	{"service", false, 0, 1<<16 - 1, func(l *visitLine, n uint64) { l.Service = uint16(n) }},
	{"channel", false, 0, 1<<8 - 1, func(l *visitLine, n uint64) { l.Channel = uint8(n) }},
	{"level", false, 0, 1<<8 - 1, func(l *visitLine, n uint64) { l.Level = uint8(n) }},
	{"home", false, 0, 1<<32 - 1, func(l *visitLine, n uint64) { l.home = uint32(n) }},
}

var errNoObject = errors.New("it is not one flat JSON object")

// parseVisit reads a line. It knows only what a visit needs, which makes it several times as fast as a general reader, and
// takes nothing that could be read two ways: no member twice, in another case or with escapes.
func parseVisit(b []byte) (l visitLine, err error) {
	rest, ok := sign(b, '{')
	if !ok {
		return l, errNoObject
	}
	seen := 0
	for first := true; ; first = false {
		if end, ok := sign(rest, '}'); ok && first {
			rest = end
			break
		}
		if rest, err = l.member(rest, &seen); err != nil {
			return l, err
		}
		if next, ok := sign(rest, ','); ok {
			rest = next
			continue
		}
		if rest, ok = sign(rest, '}'); !ok {
			return l, errNoObject
		}
		break
	}
	if len(bytes.TrimLeft(rest, " \t\r")) > 0 {
		return l, errNoObject
	}
	for i, m := range visitMembers {
		if m.required && seen>>i&1 == 0 {
			return l, fmt.Errorf("%q is missing", m.name)
		}
	}
	return l, nil
}

// member reads one member and gives what follows it.
func (l *visitLine) member(b []byte, seen *int) ([]byte, error) {
	name, rest, ok := quoted(b)
	if !ok {
		return nil, errNoObject
	}
	if rest, ok = sign(rest, ':'); !ok {
		return nil, errNoObject
	}
	for i := range visitMembers {
		m := &visitMembers[i]
		if string(name) != m.name {
			continue
		}
		if *seen>>i&1 == 1 {
			return nil, fmt.Errorf("%q is there twice", m.name)
		}
		*seen |= 1 << i
		if m.set == nil {
			text, rest, _ := quoted(rest)
			if l.Kind, ok = visitKinds[string(text)]; !ok {
				return nil, errors.New(`"kind" is none of "view", "read", "click" and "service"`)
			}
			return rest, nil
		}
		n, rest, ok := whole(rest)
		if !ok || n < m.min || n > m.max {
			return nil, fmt.Errorf("%q is not a whole number from %d to %d", m.name, m.min, m.max)
		}
		m.set(l, n)
		return rest, nil
	}
	return nil, fmt.Errorf("the member %q is not known", name)
}

// sign gives what follows c, which may have blanks before it.
func sign(b []byte, c byte) ([]byte, bool) {
	b = bytes.TrimLeft(b, " \t\r")
	if len(b) == 0 || b[0] != c {
		return b, false
	}
	return b[1:], true
}

// quoted reads a string without escapes.
func quoted(b []byte) (text, rest []byte, ok bool) {
	b, ok = sign(b, '"')
	end := bytes.IndexByte(b, '"')
	if !ok || end < 0 || bytes.IndexByte(b[:end], '\\') >= 0 {
		return nil, b, false
	}
	return b[:end], b[end+1:], true
}

// whole reads a whole number of up to 15 digits without sign or leading zeros.
func whole(b []byte) (n uint64, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, " \t\r")
	i := 0
	for ; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
		n = n*10 + uint64(b[i]-'0')
	}
	if i == 0 || i > 15 || i > 1 && b[0] == '0' {
		return 0, b, false
	}
	return n, b[i:], true
}

// visitReader reads a file of visits and tells of each line that it cannot take.
type visitReader struct {
	in      *bufio.Reader
	refuse  func(line int, why error)
	line    int
	refused int
	homes   map[uint32]uint32
}

func newVisitReader(in io.Reader, refuse func(line int, why error)) *visitReader {
	return &visitReader{in: bufio.NewReaderSize(in, 64<<10), refuse: refuse, homes: map[uint32]uint32{}}
}

// fill reads the next visits into dst, none at the end.
func (r *visitReader) fill(dst []visitlog.Visit) (n int, err error) {
	for n < len(dst) {
		b, err := r.in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return n, err
		}
		r.line++
		if b = bytes.TrimSpace(b); len(b) > 0 {
			l, bad := visitLine{}, errors.New("it is longer than 64 KB")
			if !long {
				l, bad = parseVisit(b)
			}
			if bad = r.settle(l, bad); bad == nil {
				dst[n] = l.Visit
				n++
			} else {
				r.refused++
				r.refuse(r.line, bad)
			}
		}
		if err != nil {
			return n, nil
		}
	}
	return n, nil
}

// settle keeps where an account belongs, which must be one place.
func (r *visitReader) settle(l visitLine, bad error) error {
	if bad != nil || l.home == 0 {
		return bad
	}
	if at, ok := r.homes[l.Account]; ok && at != l.home {
		return fmt.Errorf("account %d belonged to %d in a line before and to %d here", l.Account, at, l.home)
	}
	r.homes[l.Account] = l.home
	return nil
}
