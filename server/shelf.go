package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zhijian/catalog"
)

// Shelf is the catalogue that a house reads: the embedded one, without its cities and their bases unless it is a demonstration, for
// they are invented; and the operator's own cities, bases and services, which win where both have a file of one name. folder is "" where
// the operator has none.
func Shelf(folder string, demo bool) fs.FS {
	s := shelves{base: catalog.FS, demo: demo}
	if folder != "" {
		s.own = os.DirFS(folder)
	}
	return s
}

type shelves struct {
	base fs.FS
	own  fs.FS // nil for none
	demo bool
}

// ours reports a name that the operator's folder may have, hidden one that the embedded catalogue does not show.
func ours(name string) bool {
	folder, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{"cities", "bases", "services"}, folder)
}

func (s shelves) hidden(name string) bool {
	return !s.demo && (strings.HasPrefix(name, "cities/") || strings.HasPrefix(name, "bases/"))
}

// Open finds the operator's file first.
func (s shelves) Open(name string) (fs.File, error) {
	if s.own != nil && ours(name) {
		if f, err := s.own.Open(name); err == nil {
			return f, nil
		}
	}
	if s.hidden(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.base.Open(name)
}

// ReadDir lists both shelves, sorted, each name once.
func (s shelves) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(s.base, name)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return s.hidden(name + "/" + e.Name()) })
	if s.own != nil && ours(name) {
		own, err := fs.ReadDir(s.own, name)
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		for _, e := range own {
			list = slices.DeleteFunc(list, func(o fs.DirEntry) bool { return o.Name() == e.Name() })
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// Imitations is where an operator's own folder has imitation offices for the sandbox; "" when it has none.
func Imitations(folder string) string {
	if folder == "" {
		return ""
	}
	at := filepath.Join(folder, "sandbox")
	if info, err := os.Stat(at); err != nil || !info.IsDir() {
		return ""
	}
	return at
}
