package visitlog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Disk is one folder of files. Folder gives the real one; tests give one that fails, fills up or loses power.
type Disk interface {
	List() ([]string, error)
	Create(name string) (File, error) // fails when the name is taken
	Open(name string) (File, error)   // to read and write
	Rename(from, to string) error     // replaces to
	Remove(name string) error
	Sync() error              // makes names durable
	Lock() (io.Closer, error) // refuses a second holder, of this or another process
}

// File is one open file.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error // makes content and length durable
}

const lockName = "LOCK"

// Folder is the folder at path, made when it is not there.
func Folder(path string) (Disk, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	// The folder's own name must outlive a power cut as well.
	if err := syncFolder(filepath.Dir(filepath.Clean(path))); err != nil {
		return nil, err
	}
	return folder(path), nil
}

type folder string

func (d folder) List() ([]string, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

func (d folder) path(name string) string { return filepath.Join(string(d), name) }

func (d folder) Create(name string) (File, error) {
	return d.open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (d folder) Open(name string) (File, error) { return d.open(name, os.O_RDWR) }

func (d folder) open(name string, flags int) (File, error) {
	f, err := os.OpenFile(d.path(name), flags, 0o600)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

func (d folder) Rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

func (d folder) Remove(name string) error { return os.Remove(d.path(name)) }

func (d folder) Sync() error { return syncFolder(string(d)) }

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Lock holds an exclusive lock for as long as it stays open; the system lets go of it when the process ends.
func (d folder) Lock() (io.Closer, error) {
	f, err := os.OpenFile(d.path(lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("visitlog: another process works in %s; stop it first", string(d))
		}
		return nil, fmt.Errorf("visitlog: lock %s: %w", string(d), err)
	}
	return lock{f}, nil
}

type lock struct{ *os.File }

// Close lets go at once: closing alone would not do while a child that was just forked still holds the same open file.
func (l lock) Close() error {
	return errors.Join(syscall.Flock(int(l.Fd()), syscall.LOCK_UN), l.File.Close())
}

type file struct{ *os.File }

func (f file) Size() (int64, error) {
	s, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return s.Size(), nil
}

func (f file) Sync() error { return syncData(f.File) }

// isFull reports an error that leaves the disk trusted: there was no room, and no sync was under way.
func isFull(err error) bool {
	if _, ok := errors.AsType[unsynced](err); ok {
		return false
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// synced marks an error as a sync's. A full disk that shows only then leaves it unknown what was saved.
func synced(err error) error {
	if err == nil {
		return nil
	}
	return unsynced{err}
}

type unsynced struct{ error }

func (u unsynced) Unwrap() error { return u.error }
