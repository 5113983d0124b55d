package sheet

import (
	"context"

	"zhijian/ground/event"
	"zhijian/ground/tabular"
)

// Store keeps sheets.
type Store interface {
	// Add keeps a new sheet; fault.Conflict "sheet.taken" when the slug is used.
	Add(ctx context.Context, s Sheet, events ...event.Body) error
	// Sheet finds by slug; fault.NotFound "sheet" when absent.
	Sheet(ctx context.Context, slug string) (Sheet, error)
	// Of lists a department's sheets by name; 0 lists all.
	Of(ctx context.Context, department int64) ([]Sheet, error)
	// Change loads a sheet under lock, lets the rule decide and keeps it together with the events.
	Change(ctx context.Context, slug string, rule func(*Sheet) ([]event.Body, error)) (Sheet, error)
}

// Rows keeps what generations hold, by numbers that the sheet names. None of it is part of the sheet: what no sheet names is nothing.
type Rows interface {
	// KeepFile keeps an uploaded file until Drop; File gives it, fault.NotFound "sheet" when there is none.
	KeepFile(ctx context.Context, source int64, body []byte) error
	File(ctx context.Context, source int64) ([]byte, error)
	// Fill keeps a table. It takes many short transactions, so that nobody waits for a large one.
	Fill(ctx context.Context, table int64, rows []tabular.Row, refused []tabular.Refusal) error
	// Find gives the values of the rows with a key, in the order of their lines.
	Find(ctx context.Context, table int64, key []string) ([]map[string]any, error)
	// All gives the values of all rows, in the order of their lines.
	All(ctx context.Context, table int64) ([]map[string]any, error)
	// Refused lists what was refused, in the order of the lines, from the offset.
	Refused(ctx context.Context, table int64, offset, limit int) ([]tabular.Refusal, error)
	// Kept lists the numbers below one that anything is kept by, each once.
	Kept(ctx context.Context, below int64) ([]int64, error)
	// Drop forgets a file or a table.
	Drop(ctx context.Context, number int64) error
}
