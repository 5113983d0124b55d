package ndjson

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"

	"zhijian/store/visitlog"
)

const (
	// MostBytes is how long a line may be.
	MostBytes  = 64 << 10
	readBuffer = 256 << 10
)

var errLong = fmt.Errorf("it is longer than %d KB", MostBytes>>10)

// Reader reads visits line by line, as much of the input at once as fits its buffer. Not for concurrent use.
type Reader struct {
	in     *bufio.Reader
	check  func(Line) error
	refuse func(line uint64, why error)
	sum    hash.Hash

	line, taken, refused, simulated uint64
}

// NewReader reads from in. check, which may be nil, refuses lines that can be read; refuse is told of every line that is
// not taken, numbered from 1. Empty lines are passed over.
func NewReader(in io.Reader, check func(Line) error, refuse func(line uint64, why error)) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, readBuffer), check: check, refuse: refuse}
}

// Summing has h take every byte of every line that is read, and no other, so that it says what came up to Lines.
func (r *Reader) Summing(h hash.Hash) { r.sum = h }

// Lines is how many lines were read, Taken how many visits they gave, Refused how many were no visits.
func (r *Reader) Lines() uint64 { return r.line }

// Taken is how many visits were read.
func (r *Reader) Taken() uint64 { return r.taken }

// Refused is how many lines were no visits.
func (r *Reader) Refused() uint64 { return r.refused }

// Simulated is how many of the visits taken say that they are made up.
func (r *Reader) Simulated() uint64 { return r.simulated }

// Fill reads the next visits into dst, fewer only at the end of the input or on its error. The n visits before an error
// are good.
func (r *Reader) Fill(dst []visitlog.Visit) (n int, err error) {
	for n < len(dst) {
		b, long, err := r.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return n, err
		}
		if len(b) > 0 || long {
			r.line++
			if r.one(b, long, &dst[n]) {
				n++
			}
		}
		if err != nil {
			return n, nil
		}
	}
	return n, nil
}

// next gives the next line with its end. long says that b is not all of it.
func (r *Reader) next() (b []byte, long bool, err error) {
	b, err = r.in.ReadSlice('\n')
	r.add(b)
	long = len(b) > MostBytes
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		b, err = r.in.ReadSlice('\n')
		r.add(b)
	}
	return b, long, err
}

func (r *Reader) add(b []byte) {
	if r.sum != nil {
		_, _ = r.sum.Write(b) // a hash never fails
	}
}

// one reads a line into v and reports whether it is a visit.
func (r *Reader) one(b []byte, long bool, v *visitlog.Visit) bool {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	why := errLong
	var l Line
	if !long {
		if len(bytes.TrimLeft(b, " \t\r")) == 0 {
			return false
		}
		if l, why = Parse(b); why == nil && r.check != nil {
			why = r.check(l)
		}
		*v = l.Visit
	}
	if why == nil {
		r.taken++
		if l.Simulated {
			r.simulated++
		}
		return true
	}
	r.refused++
	r.refuse(r.line, why)
	return false
}
