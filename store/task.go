package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"zhijian/domain/cases"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

const (
	taskColumns = `no, case_no, kind, department, city, service, open, opened, due, late`

	taskByNo   = `select ` + taskColumns + ` from cases_task where no = $1`
	upsertTask = `
insert into cases_task (` + taskColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (no) do update set open = excluded.open, due = excluded.due, late = excluded.late`
)

// keepTasks writes what a change made of the work that a case asks of staff.
func keepTasks(tx *sqldb.Tx, before, after cases.Case) error {
	was := before.Tasks()
	for _, t := range after.Tasks() {
		if slices.Contains(was, t) {
			continue
		}
		if _, err := tx.Exec(upsertTask, t.No, t.Case, string(t.Kind), t.Department, t.City, t.Service, t.Open, clock.Millis(t.Opened), clock.Millis(t.Due), t.Late); err != nil {
			return err
		}
	}
	return nil
}

// Tasks implements cases.Store.
func (s Cases) Tasks(ctx context.Context, f cases.TaskFilter) ([]cases.Task, error) {
	var w conditions
	w.add("open = ?", true)
	if f.Kind != "" {
		w.add("kind = ?", string(f.Kind))
	}
	if f.Department != 0 {
		w.add("department = ?", f.Department)
	}
	if !f.Overdue.IsZero() {
		w.add("due < ?", clock.Millis(f.Overdue))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	rows, err := s.DB.Query(ctx, `select `+taskColumns+` from cases_task`+w.text()+` order by due, no limit `+strconv.Itoa(min(limit, 200)), w.args...)
	if err != nil {
		return nil, err
	}
	var list []cases.Task
	for rows.Next() {
		t, err := scanTask(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, t)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Task implements cases.Store.
func (s Cases) Task(ctx context.Context, no string) (cases.Task, error) {
	t, err := scanTask(s.DB.QueryRow(ctx, taskByNo, no))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.NotFound("task", "没有找到这件事，可能已经办了")
	}
	return t, err
}

func scanTask(row oneRow) (cases.Task, error) {
	var t cases.Task
	var opened, due int64
	err := row.Scan(&t.No, &t.Case, &t.Kind, &t.Department, &t.City, &t.Service, &t.Open, &opened, &due, &t.Late)
	t.Opened, t.Due = clock.FromMillis(opened), clock.FromMillis(due)
	return t, err
}

// encodeRemedies gives "" for nothing, so that most cases seal nothing.
func encodeRemedies(r cases.Remedies) (string, error) {
	if len(r.Corrections)+len(r.Recalls)+len(r.Appeals)+len(r.Amendments) == 0 && r.Followup == nil {
		return "", nil
	}
	b, err := json.Marshal(r)
	return string(b), err
}
