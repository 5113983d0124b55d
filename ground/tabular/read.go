package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"zhijian/ground/fault"
	"zhijian/ground/format"
)

// The bounds of an upload.
const (
	MostBytes = 5 << 20  // of the file
	unpacked  = 64 << 20 // that a workbook may unfold to
	mostParts = 1000     // of a workbook
	MostRows  = 20_000
	MostAlike = 100 // rows with the same key
)

// Row is one row that was read whole. Values are by column name; empty cells are left out. Key has a text for each key column.
type Row struct {
	Line   int
	Key    []string
	Values map[string]any
}

// Refusal is one row that was not taken.
type Refusal struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"` // the heading; empty when the row as a whole is at fault
	Reason string `json:"reason"`           // never what stands in the cell
}

// Upload opens a table that somebody uploaded, within the bounds above. fault.Invalid says what to do about one that cannot be taken.
func Upload(name string, data []byte) (*Reader, error) {
	if len(data) == 0 {
		return nil, fault.Invalid("sheet.empty", "请选一个文件").On("file")
	}
	if len(data) > MostBytes {
		return nil, fault.Invalid("sheet.large", "文件超过 %d MB，请拆成几个，或删去用不到的列", MostBytes>>20).On("file")
	}
	if err := parts(name, data); err != nil {
		return nil, err
	}
	r, err := open(name, data, unpacked)
	if err != nil {
		return nil, fault.Of(err).On("file")
	}
	r.passTitle()
	r.Header = trimmed(r.Header)
	if err := headings(r.Header); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// mostTitles is how many lines may stand above the headings.
const mostTitles = 3

// passTitle goes on to the headings where lines of a single cell stand above them, as a name over the whole table does. A table of one column
// has none.
func (r *Reader) passTitle() {
	type read struct {
		line  int
		cells []string
		err   error
	}
	var held []read
	for filled(r.Header) == 1 && len(held) < mostTitles {
		line, cells, err := r.Next()
		if cells = slices.Clone(cells); err == nil && filled(cells) > 1 {
			for i, c := range cells {
				cells[i] = strings.TrimSpace(c)
			}
			r.Header = cells
			return
		}
		if held = append(held, read{line, cells, err}); err != nil {
			break
		}
	}
	rest := r.next
	r.next = func() (int, []string, error) {
		if len(held) == 0 {
			return rest()
		}
		h := held[0]
		held = held[1:]
		return h.line, h.cells, h.err
	}
}

// filled counts the cells that hold any text.
func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// parts refuses a workbook of more parts, or of other sizes, than any editor writes (security.md T64).
func parts(name string, data []byte) error {
	if !strings.EqualFold(path.Ext(name), ".xlsx") {
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return unreadable(err)
	}
	total := uint64(0)
	for _, f := range z.File {
		total += min(f.UncompressedSize64, unpacked+1)
	}
	if len(z.File) > mostParts || total > unpacked {
		return unreadable(errors.New("a workbook that unfolds to more than an upload may"))
	}
	return nil
}

func headings(header []string) error {
	seen := map[string]bool{}
	for i, h := range header {
		switch {
		case h == "":
			return fault.Invalid("sheet.heading", "第 %d 列没有标题，请在第一行补上", i+1).On("file")
		case len([]rune(h)) > 30:
			return fault.Invalid("sheet.heading_long", "第 %d 列的标题超过 30 个字，请改短。第一行要是标题", i+1).On("file")
		case seen[h]:
			return fault.Invalid("sheet.heading_twice", "有两列都叫“%s”，请改一个", h).On("file")
		}
		seen[h] = true
	}
	if len(header) == 0 || len(header) > MostColumns {
		return fault.Invalid("sheet.columns", "表格要有 1 到 %d 列，请删去不用的列", MostColumns).On("file")
	}
	return nil
}

// First gives up to n rows of a table, for Guess and for looking at.
func (r *Reader) First(n int) (rows [][]string, err error) {
	for len(rows) < n {
		_, row, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.Is(err, ErrRow):
			continue
		case err != nil:
			return nil, unreadable(err)
		}
		rows = append(rows, slices.Clone(row))
	}
	return rows, nil
}

func unreadable(err error) error {
	return fault.Invalid("sheet.unreadable", "表格文件读不出来，请另存为 .csv 或 .xlsx 后再试").Because(err).On("file")
}

// Read takes the rest of a table apart: every row that holds any text is taken whole, or refused with its line and the reason.
// fault.Invalid when the file cannot be read to its end or has too many rows: then nothing of it counts.
func (r *Reader) Read(s Shape, now time.Time) (rows []Row, refused []Refusal, err error) {
	if !s.Fits(r.Header) {
		return nil, nil, errHeading
	}
	alike := map[string][]int{} // lines by key
	for {
		line, cells, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, refused, nil
		}
		if len(rows)+len(refused) == MostRows {
			return nil, nil, fault.Invalid("sheet.rows", "表格超过 %d 行，请拆成几个", MostRows).On("file")
		}
		switch {
		case errors.Is(err, ErrRow):
			refused = append(refused, Refusal{Line: line, Reason: "这一行的引号或分隔符不成对，读不出来"})
			continue
		case err != nil:
			return nil, nil, unreadable(err)
		}
		row, no := s.row(line, cells, now)
		if no == nil {
			no = s.once(alike, row)
		}
		if no != nil {
			refused = append(refused, *no)
			continue
		}
		rows = append(rows, row)
	}
}

// once refuses a second row with a key that finds one, and more rows than one answer holds.
func (s Shape) once(alike map[string][]int, row Row) *Refusal {
	key := strings.Join(row.Key, "\x00")
	if s.Slots != nil {
		key += fmt.Sprint("\x00", row.Values[s.Slots.Day], row.Values[s.Slots.Start])
	}
	had := alike[key]
	if s.Slots != nil && len(had) > 0 {
		return &Refusal{Line: row.Line, Reason: fmt.Sprintf("和第 %d 行是同一个时间", had[0])}
	}
	if s.Unique && len(had) > 0 {
		return &Refusal{Line: row.Line, Reason: fmt.Sprintf("和第 %d 行重复：用来查的内容一样", had[0])}
	}
	if len(had) == MostAlike {
		return &Refusal{Line: row.Line, Reason: fmt.Sprintf("用来查的内容一样的行超过 %d 行", MostAlike)}
	}
	alike[key] = append(had, row.Line)
	return nil
}

func (s Shape) row(line int, cells []string, now time.Time) (Row, *Refusal) {
	row := Row{Line: line, Values: map[string]any{}}
	for _, extra := range cells[min(len(cells), len(s.Columns)):] {
		if strings.TrimSpace(extra) != "" {
			return row, &Refusal{Line: line, Reason: "这一行的格子比标题多"}
		}
	}
	for i, c := range s.Columns {
		if c.Use == Omit {
			continue
		}
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		v, err := Cell(c.Kind, cell, now)
		if err != nil {
			reason := "读不出来"
			if f := fault.Of(err); f != nil {
				reason = f.Public
			}
			return row, &Refusal{Line: line, Column: c.Label, Reason: reason}
		}
		if v == nil && (c.Use == Key || s.needs(c.Name)) {
			return row, &Refusal{Line: line, Column: c.Label, Reason: "这一格不能空着"}
		}
		if c.Use == Key {
			row.Key = append(row.Key, keyText(v))
		}
		if v != nil && !c.Kind.Sensitive() {
			row.Values[c.Name] = v
		}
	}
	if s.Slots != nil {
		if why := s.slot(row); why != "" {
			return row, &Refusal{Line: line, Reason: why}
		}
	}
	return row, nil
}

// needs reports whether a column makes a time with places.
func (s Shape) needs(name string) bool {
	return s.Slots != nil && (name == s.Slots.Day || name == s.Slots.Start || name == s.Slots.End || name == s.Slots.Places)
}

// mostPlaces bounds the places of one time.
const mostPlaces = 100_000

func (s Shape) slot(row Row) string {
	if n := row.Values[s.Slots.Places].(int64); n < 0 || n > mostPlaces {
		return fmt.Sprintf("名额要在 0 到 %d 之间", mostPlaces)
	}
	if s.Slots.End != "" && row.Values[s.Slots.End].(string) <= row.Values[s.Slots.Start].(string) {
		return "结束的钟点不在开始之后"
	}
	return ""
}

// Asked gives the key that a question's values stand for, read as the cells were: false when one is missing or cannot be read, so that
// no row has it.
func (s Shape) Asked(with map[string]any, now time.Time) (key []string, ok bool) {
	for _, c := range s.Keys() {
		v, err := Cell(c.Kind, asText(c.Kind, with[c.Name]), now)
		if err != nil || v == nil {
			return nil, false
		}
		key = append(key, keyText(v))
	}
	return key, len(key) > 0
}

// keyText is what a value is found by, however it was typed.
func keyText(v any) string { return format.Alike(fmt.Sprint(v)) }

// asText writes a value of an expression as a cell holds it; money comes in fen.
func asText(k Kind, v any) string {
	if n, ok := v.(int64); ok && k == Money {
		return fmt.Sprintf("%d.%02d", n/100, n%100)
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
