package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"zhijian/domain/identity"
	"zhijian/ground/clock"
	"zhijian/store/sqldb"
)

// The purposes that a saved person's fields are sealed under. They are stored, so they never change.
const (
	sealPersonName   = "person.name"
	sealPersonNumber = "person.citizen_number"
)

const (
	selectPeople = `select id, relation, name, citizen_number, saved, confirmed from person where resident = $1 order by saved, id`
	upsertPerson = `
insert into person (id, resident, relation, name, citizen_number, saved, confirmed) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do update set relation = excluded.relation, name = excluded.name, confirmed = excluded.confirmed`
	deletePerson = `delete from person where id = $1 and resident = $2`
)

// People implements identity.ResidentStore.
func (s Residents) People(ctx context.Context, resident int64) ([]identity.Person, error) {
	rows, err := s.DB.Query(ctx, selectPeople, resident)
	if err != nil {
		return nil, err
	}
	return s.scanPeople(rows)
}

func (s Residents) scanPeople(rows *sql.Rows) ([]identity.Person, error) {
	var list []identity.Person
	for rows.Next() {
		var p identity.Person
		var name, number []byte
		var saved, confirmed int64
		if err := rows.Scan(&p.ID, &p.Relation, &name, &number, &saved, &confirmed); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		f := sealing(s.Ring, "person", p.ID)
		p.Name, p.CitizenNumber = f.text(sealPersonName, name), f.text(sealPersonNumber, number)
		if f.err != nil {
			return nil, errors.Join(f.err, rows.Close())
		}
		p.Saved, p.Confirmed = clock.FromMillis(saved), clock.FromMillis(confirmed)
		list = append(list, p)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// savePeople writes what a rule changed of the people a resident saved.
func (s Residents) savePeople(tx *sqldb.Tx, before, after identity.File) error {
	for _, p := range before.People {
		if !slices.ContainsFunc(after.People, func(q identity.Person) bool { return q.ID == p.ID }) {
			if _, err := tx.Exec(deletePerson, p.ID, after.ID); err != nil {
				return err
			}
		}
	}
	for _, p := range after.People {
		if slices.Contains(before.People, p) {
			continue
		}
		f := sealing(s.Ring, "person", p.ID)
		name, number := f.seal(sealPersonName, p.Name.Reveal()), f.seal(sealPersonNumber, p.CitizenNumber.Reveal())
		if f.err != nil {
			return f.err
		}
		if _, err := tx.Exec(upsertPerson, p.ID, after.ID, string(p.Relation), name, number, clock.Millis(p.Saved), clock.Millis(p.Confirmed)); err != nil {
			return err
		}
	}
	return nil
}
