package columnar

import (
	"bytes"
	"fmt"

	"github.com/parquet-go/parquet-go"

	"zhijian/domain/observatory"
)

// Kind is how a column is stored.
type Kind string

// The kinds, by their names in DuckDB.
const (
	Text     Kind = "VARCHAR"
	Whole    Kind = "BIGINT"
	Measured Kind = "DOUBLE"
	YesNo    Kind = "BOOLEAN"
	Day      Kind = "DATE"
)

// Column is one column of a file; any cell may be NULL.
type Column struct {
	ID   string
	Kind Kind
	Is   string // what it holds, in English
}

func (c Column) node() parquet.Node {
	var n parquet.Node
	switch c.Kind {
	case Text:
		// No dictionary: the library packs its indexes another way where it has assembly for the processor, and the bytes would
		// differ. Compressed, the nation is smaller this way too.
		n = parquet.Encoded(parquet.String(), &parquet.Plain)
	case Whole:
		n = parquet.Int(64)
	case Measured:
		n = parquet.Leaf(parquet.DoubleType)
	case YesNo:
		n = parquet.Leaf(parquet.BooleanType)
	case Day:
		n = parquet.Date()
	}
	return parquet.Optional(parquet.Compressed(n, &parquet.Zstd))
}

// inOrder is a group whose columns stand as they were given, not by name.
type inOrder struct {
	parquet.Group
	order []Column
}

// Fields gives the columns in order.
func (g inOrder) Fields() []parquet.Field {
	byName := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		byName[f.Name()] = f
	}
	out := make([]parquet.Field, len(g.order))
	for i, c := range g.order {
		out[i] = byName[c.ID]
	}
	return out
}

// encode gives the bytes of one file. fill adds the rows; a cell is nil, string, int64, float64, bool or Date.
func encode(columns []Column, marks map[string]string, fill func(add func(cells ...any))) ([]byte, error) {
	root := inOrder{parquet.Group{}, columns}
	for _, c := range columns {
		root.Group[c.ID] = c.node()
	}
	options := []parquet.WriterOption{parquet.NewSchema("zhijian", root), parquet.CreatedBy("zhijian", "1", "")}
	for k, v := range marks {
		options = append(options, parquet.KeyValueMetadata(k, v)) // the library sorts them
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[any](&b, options...)
	batch := rows{to: w}
	fill(func(cells ...any) { batch.add(columns, cells) })
	batch.flush()
	if batch.err != nil {
		return nil, batch.err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

const mostRows = 1024 // a batch

// rows hands rows on in batches, until one fails.
type rows struct {
	to   *parquet.GenericWriter[any]
	list []parquet.Row
	err  error
}

func (r *rows) add(columns []Column, cells []any) {
	if r.err != nil {
		return
	}
	if len(cells) != len(columns) {
		r.err = fmt.Errorf("a row of %d cells under %d columns", len(cells), len(columns))
		return
	}
	row := make(parquet.Row, len(cells))
	for i, c := range cells {
		if c == nil {
			row[i] = parquet.NullValue().Level(0, 0, i)
			continue
		}
		if d, ok := c.(observatory.Date); ok {
			c = int32(d.Day() - epoch)
		}
		row[i] = parquet.ValueOf(c).Level(0, 1, i)
	}
	if r.list = append(r.list, row); len(r.list) == mostRows {
		r.flush()
	}
}

func (r *rows) flush() {
	if r.err == nil && len(r.list) > 0 {
		_, r.err = r.to.WriteRows(r.list)
		r.list = r.list[:0]
	}
}

// epoch is the day that DATE counts from, 1970-01-01.
var epoch = observatory.Date(1970_01_01).Day()
