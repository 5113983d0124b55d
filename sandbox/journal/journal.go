// Package journal keeps what an imitation office did, one JSON line per act, in a file that only grows.
//
// It promises that an act whose Append returned is there again after the process was killed: each
// line is one write to the file, which outlives the process (it is not forced to the disk, so a
// machine that loses power may lose the last acts). A line torn by the end of the process is
// dropped when the file is opened again; damage anywhere else is an error, never a guess.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"zhijian/ground/fault"
)

// File is an open journal. Safe for concurrent use; lines stand in the order of their Appends.
// A nil *File keeps nothing and its methods succeed.
type File struct {
	path string

	mu    sync.Mutex
	file  *os.File
	size  int64
	lines int
	err   error // the file is in doubt: nothing more is taken
}

// Open reads a journal from its beginning, calling each for every line (without its newline, valid
// during the call only), and keeps it open for more. The file is made when absent.
func Open(path string, each func(line []byte) error) (_ *File, err error) {
	defer fault.Wrap(&err, "journal %s", path)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &File{path: path, file: f}
	if err := j.replay(each); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return j, nil
}

func (j *File) replay(each func([]byte) error) error {
	r := bufio.NewReaderSize(j.file, 256<<10)
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if errors.Is(err, io.EOF) {
			if len(long)+len(part) == 0 {
				return nil
			}
			return j.file.Truncate(j.size) // what the end of the process tore off
		}
		if err != nil {
			return err
		}
		line := part
		if len(long) > 0 {
			line = append(long, part...)
			long = long[:0]
		}
		j.lines++
		if err := each(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return fmt.Errorf("line %d: %w", j.lines, err)
		}
		j.size += int64(len(line))
	}
}

// Append adds v as one line. After an error nothing of v is in the journal; when that cannot be
// had, the journal takes no more and every Append gives the same error.
func (j *File) Append(v any) error {
	if j == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if _, err := j.file.Write(append(b, '\n')); err != nil {
		err = fmt.Errorf("journal: %w", err)
		if j.file.Truncate(j.size) != nil {
			j.err = err
		}
		return err
	}
	j.size += int64(len(b)) + 1
	j.lines++
	return nil
}

// Lines is how many lines the journal has.
func (j *File) Lines() int {
	if j == nil {
		return 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines
}

// Rewrite replaces the whole journal by what fill puts. A kill at any instant leaves either the
// old lines or the new ones.
func (j *File) Rewrite(fill func(put func(v any) error) error) (err error) {
	if j == nil {
		return nil
	}
	defer fault.Wrap(&err, "rewrite journal %s", j.path)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	fresh, err := os.OpenFile(j.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	w, lines := &counter{to: fresh}, 0
	b := bufio.NewWriterSize(w, 256<<10)
	enc := json.NewEncoder(b)
	err = fill(func(v any) error { lines++; return enc.Encode(v) })
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = os.Rename(fresh.Name(), j.path)
	}
	if err != nil {
		return errors.Join(err, fresh.Close(), os.Remove(fresh.Name()))
	}
	old := j.file
	j.file, j.size, j.lines = fresh, w.n, lines
	return old.Close()
}

type counter struct {
	to io.Writer
	n  int64
}

// Write counts what it passes on.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// Close closes the file; nothing is taken afterwards. The second call does nothing.
func (j *File) Close() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = fs.ErrClosed
	}
	if err := j.file.Close(); !errors.Is(err, fs.ErrClosed) {
		return err
	}
	return nil
}
