package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/gzip"

	"zhijian/store/visitlog/ndjson"
)

// visitReader reads visits, tells of each line that it cannot take, and keeps where accounts belong.
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

// visitFiles are the files of --visits: itself, or those of a folder whose names end in .ndjson or .ndjson.gz, by name.
func visitFiles(path string) ([]string, error) {
	at, err := os.Stat(path)
	if err != nil || !at.IsDir() {
		return []string{path}, err
	}
	var files []string
	for _, pattern := range []string{"*.ndjson", "*.ndjson.gz"} {
		some, err := fs.Glob(os.DirFS(path), pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, some...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no file named .ndjson or .ndjson.gz", path)
	}
	slices.Sort(files)
	for i := range files {
		files[i] = filepath.Join(path, files[i])
	}
	return files, nil
}

// chain reads files one behind the other as if they were one, with only one of them open.
type chain struct {
	files []string
	open  func(string) (io.ReadCloser, error)
	now   io.ReadCloser
}

func (c *chain) Read(p []byte) (n int, err error) {
	for n == 0 && err == nil {
		if c.now == nil {
			if len(c.files) == 0 {
				return 0, io.EOF
			}
			if c.now, err = c.open(c.files[0]); err != nil {
				return 0, err
			}
			c.files = c.files[1:]
		}
		if n, err = c.now.Read(p); errors.Is(err, io.EOF) {
			err = c.Close()
		}
	}
	return n, err
}

// Close closes the file that is being read.
func (c *chain) Close() (err error) {
	if c.now != nil {
		err = c.now.Close()
		c.now = nil
	}
	return err
}

func openRaw(path string) (io.ReadCloser, error) { return os.Open(path) }

// openPlain opens a file as lines, packed by gzip or not.
func openPlain(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	type plain struct {
		io.Reader
		io.Closer
	}
	in := bufio.NewReaderSize(f, 256<<10)
	if head, _ := in.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return plain{in, f}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return plain{z, f}, nil
}
