package visitlog_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"syscall"

	"zhijian/store/visitlog"
)

// memory is a folder that knows what a power cut would leave: content as last synced plus any part of later writes, names as
// last synced plus any first part of later changes. fail is asked before each operation.
type memory struct {
	mu      sync.Mutex
	files   map[string]*memoryFile
	durable map[string]*memoryFile
	pending []func(map[string]*memoryFile) // changes of names since the last sync
	held    bool
	ops     int
	fail    func(op string, n int) error
}

type memoryFile struct {
	disk   *memory
	data   []byte
	synced []byte
	writes []write // since the last sync
}

// write is one write, or with nil data a cut to off.
type write struct {
	off  int64
	data []byte
}

func newMemory() *memory {
	return &memory{files: map[string]*memoryFile{}, durable: map[string]*memoryFile{}}
}

// begin is called with mu held, for each operation that changes something.
func (m *memory) begin(op string) error {
	m.ops++
	if m.fail == nil {
		return nil
	}
	return m.fail(op, m.ops)
}

func (m *memory) rename(change func(map[string]*memoryFile)) {
	change(m.files)
	m.pending = append(m.pending, change)
}

func (m *memory) List() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.files)), nil
}

func (m *memory) Create(name string) (visitlog.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("create"); err != nil {
		return nil, err
	}
	if m.files[name] != nil {
		return nil, fmt.Errorf("create %s: %w", name, os.ErrExist)
	}
	f := &memoryFile{disk: m}
	m.rename(func(names map[string]*memoryFile) { names[name] = f })
	return f, nil
}

func (m *memory) Open(name string) (visitlog.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.files[name]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("open %s: %w", name, os.ErrNotExist)
}

func (m *memory) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("rename"); err != nil {
		return err
	}
	m.rename(func(names map[string]*memoryFile) {
		if f := names[from]; f != nil {
			names[to] = f
			delete(names, from)
		}
	})
	return nil
}

func (m *memory) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("remove"); err != nil {
		return err
	}
	if m.files[name] == nil {
		return fmt.Errorf("remove %s: %w", name, os.ErrNotExist)
	}
	m.rename(func(names map[string]*memoryFile) { delete(names, name) })
	return nil
}

func (m *memory) Sync() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("syncdir"); err != nil {
		return err
	}
	for _, change := range m.pending {
		change(m.durable)
	}
	m.pending = nil
	return nil
}

func (m *memory) Lock() (io.Closer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held {
		return nil, errors.New("held")
	}
	m.held = true
	return unlock{m}, nil
}

type unlock struct{ m *memory }

func (u unlock) Close() error {
	u.m.mu.Lock()
	defer u.m.mu.Unlock()
	u.m.held = false
	return nil
}

func (f *memoryFile) ReadAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if off >= int64(len(f.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.data[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func applied(data []byte, w write) []byte {
	if w.data == nil {
		if int64(len(data)) > w.off {
			return data[:w.off]
		}
		return data
	}
	if short := w.off + int64(len(w.data)) - int64(len(data)); short > 0 {
		data = append(data, make([]byte, short)...)
	}
	copy(data[w.off:], w.data)
	return data
}

func (f *memoryFile) WriteAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	n := len(b)
	err := f.disk.begin("write")
	if err != nil {
		n /= 2 // a full disk takes a part
	}
	w := write{off, append([]byte{}, b[:n]...)}
	f.data = applied(f.data, w)
	f.writes = append(f.writes, w)
	return n, err
}

func (f *memoryFile) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.data)), nil
}

func (f *memoryFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.begin("truncate"); err != nil {
		return err
	}
	w := write{off: size}
	f.data = applied(f.data, w)
	f.writes = append(f.writes, w)
	return nil
}

func (f *memoryFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.begin("sync"); err != nil {
		// As the kernel does: what was to be saved is dropped, and the pages look clean from now on.
		f.writes = nil
		return err
	}
	f.synced = slices.Clone(f.data)
	f.writes = nil
	return nil
}

func (f *memoryFile) Close() error { return nil }

// cut gives what a power cut leaves, by one of many possible courses.
func (m *memory) cut(r *rand.Rand) *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := newMemory()
	names := maps.Clone(m.durable)
	for _, change := range m.pending[:r.IntN(len(m.pending)+1)] {
		change(names)
	}
	for name, f := range names {
		data := slices.Clone(f.synced)
		for _, w := range f.writes {
			data = partly(r, data, w)
		}
		left.files[name] = &memoryFile{disk: left, data: data, synced: slices.Clone(data)}
	}
	left.durable = maps.Clone(left.files)
	return left
}

// partly applies any sectors of a write, or none.
func partly(r *rand.Rand, data []byte, w write) []byte {
	if w.data == nil || r.IntN(3) == 0 {
		if r.IntN(2) == 0 {
			return applied(data, w)
		}
		return data
	}
	for at := 0; at < len(w.data); {
		end := min(len(w.data), at+512-int((w.off+int64(at))%512))
		if r.IntN(2) == 0 {
			data = applied(data, write{w.off + int64(at), w.data[at:end]})
		}
		at = end
	}
	return data
}

// restart gives what another process sees after this one was killed: everything written, synced or not.
func (m *memory) restart() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := newMemory()
	copies := map[*memoryFile]*memoryFile{}
	twin := func(f *memoryFile) *memoryFile {
		if copies[f] == nil {
			copies[f] = &memoryFile{disk: left, data: slices.Clone(f.data), synced: slices.Clone(f.synced), writes: slices.Clone(f.writes)}
		}
		return copies[f]
	}
	for name, f := range m.files {
		left.files[name] = twin(f)
	}
	for name, f := range m.durable {
		left.durable[name] = twin(f)
	}
	left.pending = []func(map[string]*memoryFile){func(names map[string]*memoryFile) {
		clear(names)
		maps.Copy(names, left.files)
	}}
	return left
}

// bytes gives a file's content, nil when it is not there.
func (m *memory) bytes(name string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.files[name]; f != nil {
		return f.data
	}
	return nil
}

var (
	errIO     = fmt.Errorf("injected: %w", syscall.EIO)
	errFull   = fmt.Errorf("injected: %w", syscall.ENOSPC)
	errKilled = errors.New("killed")
)
