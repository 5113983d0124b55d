package tabular

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"

	"github.com/xuri/excelize/v2"
)

// Page is one sheet of a workbook: cells are string, int64, float64, bool or nil for an empty one.
type Page struct {
	Name string // at most 31 characters, without []:*?/\
	Rows [][]any
	Bold int // so many first rows are headings
}

// CSV writes rows as UTF-8 with LF ends.
func CSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// XLSX writes a workbook. The same pages are the same bytes: no time and no author is written.
func XLSX(pages []Page) (_ []byte, err error) {
	book := excelize.NewFile()
	defer func() {
		if e := book.Close(); err == nil {
			err = e
		}
	}()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	for i, page := range pages {
		if i == 0 {
			err = book.SetSheetName("Sheet1", page.Name)
		} else {
			_, err = book.NewSheet(page.Name)
		}
		if err != nil {
			return nil, err
		}
		if err := fill(book, page, bold); err != nil {
			return nil, err
		}
	}
	if err := book.SetDocProps(&excelize.DocProperties{Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}); err != nil {
		return nil, err
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return settled(b.Bytes())
}

// settled packs a workbook's parts anew, by name and without times: excelize writes them in the order of a map.
func settled(book []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, err
	}
	files := slices.Clone(in.File)
	slices.SortFunc(files, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) }) // [Content_Types].xml comes first
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range files {
		w, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(w, r); err != nil {
			return nil, errors.Join(err, r.Close())
		}
		if err := r.Close(); err != nil {
			return nil, err
		}
	}
	err = out.Close()
	return b.Bytes(), err
}

func fill(book *excelize.File, page Page, bold int) error {
	w, err := book.NewStreamWriter(page.Name)
	if err != nil {
		return err
	}
	for i, row := range page.Rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if i < page.Bold {
			styled := make([]any, len(row))
			for j, v := range row {
				styled[j] = excelize.Cell{StyleID: bold, Value: v}
			}
			row = styled
		}
		if err := w.SetRow(cell, row); err != nil {
			return err
		}
	}
	return w.Flush()
}
