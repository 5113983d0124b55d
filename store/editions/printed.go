package editions

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"zhijian/ground/fault"
)

const printedFile = "report.pdf"

// Publish keeps a printed report (a PDF) with the exhibits that it was printed from, in place of the one before: when the edition is
// computed again the report goes with them. It follows from the exhibits, and the manifest does not hold its sum. fault.Conflict when
// the edition was never computed.
func (s *Shelf) Publish(name string, pdf []byte) (err error) {
	defer fault.Wrap(&err, "publish the report of edition %s", name)
	m, err := s.Manifest(name)
	if err != nil {
		return err
	}
	if len(m.Exhibits) == 0 {
		return uncomputed(name)
	}
	folder := s.path(name, m.exhibitFolder())
	fresh := filepath.Join(folder, "."+printedFile+".new")
	if err := writeFile(fresh, pdf); err != nil {
		return err
	}
	if err := os.Rename(fresh, filepath.Join(folder, printedFile)); err != nil {
		return err
	}
	return syncFolder(folder)
}

// Printed opens the printed report of an edition and gives its size; fault.NotFound when there is none. Close it.
func (s *Shelf) Printed(name string) (_ io.ReadCloser, size int64, err error) {
	m, err := s.Manifest(name)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(s.path(name, m.exhibitFolder(), printedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fault.NotFound("edition.unprinted", "版次 %s 没有印好的白皮书", name)
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
