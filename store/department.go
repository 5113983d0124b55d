package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"zhijian/domain/department"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Departments keeps departments. Its field is required.
type Departments struct{ DB *sqldb.DB }

var _ department.Store = Departments{}

const (
	departmentColumns = `id, slug, name, en, region, level, sector, phone`
	departmentBySlug  = `select ` + departmentColumns + ` from department where slug = $1`
	departmentByID    = `select ` + departmentColumns + ` from department where id = $1`
	departmentsOf     = `select ` + departmentColumns + ` from department where region = $1 or $1 = '' order by name, id`
	insertDepartment  = `
insert into department (` + departmentColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (slug) do nothing`
	updateDepartment = `update department set name = $1, en = $2, region = $3, level = $4, sector = $5, phone = $6 where id = $7`
)

// Put implements department.Store.
func (s Departments) Put(ctx context.Context, d department.Department, events ...event.Body) (department.Department, error) {
	var kept department.Department
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertDepartment, d.ID, d.Slug, d.Name, d.En, d.Region, d.Level, d.Sector, d.Phone)
		if err != nil {
			return err
		}
		kept = d
		if n == 0 {
			old, err := scanDepartment(tx.QueryRow(departmentBySlug+tx.ForUpdate(), d.Slug))
			if err != nil {
				return err
			}
			kept.ID = old.ID
			if kept == old {
				return nil // already so
			}
			if _, err := tx.Exec(updateDepartment, d.Name, d.En, d.Region, d.Level, d.Sector, d.Phone, old.ID); err != nil {
				return err
			}
		}
		return tx.Append("department/"+strconv.FormatInt(kept.ID, 10), events...)
	})
	return kept, err
}

// Department implements department.Store.
func (s Departments) Department(ctx context.Context, id int64) (department.Department, error) {
	d, err := scanDepartment(s.DB.QueryRow(ctx, departmentByID, id))
	return d, absent(err, fault.NotFound("department", "没有找到这个部门，请从列表里选"))
}

// Of implements department.Store.
func (s Departments) Of(ctx context.Context, region string) ([]department.Department, error) {
	rows, err := s.DB.Query(ctx, departmentsOf, region)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, scanDepartment)
}

func scanDepartment(row sqldb.Row) (department.Department, error) {
	var d department.Department
	err := row.Scan(&d.ID, &d.Slug, &d.Name, &d.En, &d.Region, &d.Level, &d.Sector, &d.Phone)
	return d, err
}

// scanAll reads every row of a query and closes it; nil for none.
func scanAll[T any](rows *sql.Rows, scan func(sqldb.Row) (T, error)) ([]T, error) {
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list = append(list, one)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}
