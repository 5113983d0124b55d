package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zhijian/store/visitlog"
)

// VisitCheck is what a recount of the visits of a node found.
type VisitCheck struct {
	Appended uint64 `json:"appended"` // in the log, as far as it is known to be on disk
	Folded   uint64 `json:"folded"`   // counted by the fold
	Deleted  uint64 `json:"deleted"`  // counted, and no longer in the log
	Wrong    string `json:"wrong,omitempty"`
}

// CheckVisits reads the whole visit log of a data folder and counts it again against the fold, of a house that is not running. A folder
// without visits is well. Wrong is the first damage or difference; an error is what kept it from being found.
func CheckVisits(ctx context.Context, data string) (c VisitCheck, err error) {
	at := filepath.Join(data, visitsName)
	if _, err := os.Stat(at); errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	logs, folded, err := visitFolders(data)
	if err != nil {
		return c, err
	}
	scratch, err := visitlog.Folder(filepath.Join(at, "recount"))
	if err != nil {
		return c, err
	}
	defer func() {
		if d, ok := errors.AsType[*visitlog.Damage](err); ok {
			c.Wrong, err = d.Error(), nil
		}
		err = errors.Join(err, os.RemoveAll(filepath.Join(at, "recount")))
	}()
	source := visitlog.Source{Folder: logs}
	err = visitlog.Walk(ctx, source, func(end visitlog.Position, _ []visitlog.Visit) error {
		c.Appended = end.Visits
		return nil
	})
	if err == nil {
		err = visitlog.CheckMarks(logs)
	}
	if err != nil {
		return c, err
	}
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: folded, Logs: []visitlog.Source{source}})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	c.Folded = f.Folded()
	// What the house was stopped at is counted, though nothing behind it proves that it was the end.
	c.Appended = max(c.Appended, c.Folded)
	report, err := f.Verify(ctx, scratch)
	if err != nil {
		return c, err
	}
	c.Deleted = report.Deleted
	if report.Wrong != nil {
		c.Wrong = fmt.Sprintf("a recount of the visit log gives another number: %s", report.Wrong)
	}
	return c, nil
}
