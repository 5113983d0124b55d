// Package tabular reads and writes tables as .csv and .xlsx, and knows what their columns hold.
//
// A Reader gives the rows one after the other with the line a person sees in their editor. CSV may be UTF-8 with or without a
// byte order mark, or GB18030 (and so GBK), which is noticed and told; cells may be parted by comma, semicolon or tab. Of a
// workbook the first sheet is read; its days are written as 2026-05-26 whatever the editor shows. Rows without any text are passed over.
//
// A Shape says what each column holds and which ones a row is found by: Guess proposes one, Read takes a table apart by it, each
// row either whole or refused with its line and the reason. Nothing here blocks.
package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhijian/ground/fault"
)

// Reader is a table being read. Header is its first row.
type Reader struct {
	Header []string
	// Recoded says that the bytes were not UTF-8 and were read as GB18030.
	Recoded bool
	next    func() (int, []string, error)
	close   func() error
}

// ErrRow is wrapped by Next for a row that cannot be taken apart; the rows after it can still be read.
var ErrRow = errors.New("the row cannot be taken apart")

const (
	mostUnzipped = 1 << 30  // bytes a workbook may unfold to
	mostInMemory = 16 << 20 // of them of one part; a longer part goes through a temporary file
)

// Open begins to read a table; the name tells the form. fault.Invalid "sheet.unreadable" when it is no table.
func Open(name string, data []byte) (*Reader, error) { return open(name, data, mostUnzipped) }

func open(name string, data []byte, unzipped int64) (r *Reader, err error) {
	if strings.EqualFold(path.Ext(name), ".xlsx") {
		r, err = openXLSX(data, unzipped)
	} else {
		r, err = openCSV(data)
	}
	if err == nil {
		_, r.Header, err = r.Next()
	}
	if err != nil {
		return nil, fault.Invalid("sheet.unreadable", "表格文件读不出来，请另存为 .csv 或 .xlsx 后再试").Because(err)
	}
	r.Header = slices.Clone(r.Header) // the next row is read into the same slice
	for i, h := range r.Header {
		r.Header[i] = strings.TrimSpace(h)
	}
	return r, nil
}

// Next gives the next row that holds any text, and the line where it begins, from 1. io.EOF ends; an error that wraps ErrRow
// concerns this row alone. The row is valid until the next call; its cells stay valid.
func (r *Reader) Next() (line int, row []string, err error) {
	for {
		line, row, err = r.next()
		if err != nil {
			return line, nil, err
		}
		for _, cell := range row {
			if strings.TrimSpace(cell) != "" {
				return line, row, nil
			}
		}
	}
}

// Close lets go of a workbook.
func (r *Reader) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

func openCSV(data []byte) (*Reader, error) {
	r := &Reader{}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, errors.New("neither UTF-8 nor GB18030")
		}
		data, r.Recoded = decoded, true
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = comma(data), -1, true
	r.next = func() (int, []string, error) {
		row, err := c.Read()
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return bad.StartLine, nil, errors.Join(ErrRow, bad.Err)
		}
		if err != nil {
			return 0, nil, err
		}
		line, _ := c.FieldPos(0)
		return line, row, nil
	}
	return r, nil
}

// comma finds what parts the cells of the first line.
func comma(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, c := range ",;\t" {
		if bytes.ContainsRune(first, c) {
			return c
		}
	}
	return ','
}

func openXLSX(data []byte, unzipped int64) (*Reader, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: min(unzipped, mostInMemory), ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, err
	}
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.Join(errors.New("a workbook without a sheet"), book.Close())
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	line := 0
	r := &Reader{close: func() error { return errors.Join(rows.Close(), book.Close()) }}
	r.next = func() (int, []string, error) {
		if !rows.Next() {
			if err := rows.Error(); err != nil {
				return 0, nil, err
			}
			return 0, nil, io.EOF
		}
		line++
		row, err := rows.Columns()
		if err != nil {
			return line, nil, errors.Join(ErrRow, err)
		}
		return line, row, nil
	}
	return r, nil
}
