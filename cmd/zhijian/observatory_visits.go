package main

import (
	"fmt"
	"io"

	"zhijian/store/visitlog/ndjson"
)

// visitReader reads a file of visits, tells of each line that it cannot take, and keeps where accounts belong.
type visitReader struct {
	*ndjson.Reader
	homes map[uint32]uint32
}

func newVisitReader(in io.Reader, refuse func(line uint64, why error)) *visitReader {
	r := &visitReader{homes: map[uint32]uint32{}}
	r.Reader = ndjson.NewReader(in, r.settle, refuse)
	return r
}

// settle keeps where an account belongs, which must be one place.
func (r *visitReader) settle(l ndjson.Line) error {
	if l.Home == 0 {
		return nil
	}
	if at, ok := r.homes[l.Account]; ok && at != l.Home {
		return fmt.Errorf("account %d belonged to %d in a line before and to %d here", l.Account, at, l.Home)
	}
	r.homes[l.Account] = l.Home
	return nil
}
