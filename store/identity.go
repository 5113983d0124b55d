package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"zhijian/domain/identity"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Residents keeps residents, their consents and favourites. Both fields are required.
type Residents struct {
	DB   *sqldb.DB
	Ring *seal.Ring
}

var (
	_ identity.ResidentStore = Residents{}
	_ identity.Plates        = Residents{}
)

// The purposes that a resident's fields are sealed and indexed under. They are stored in every
// ciphertext and index, so they never change.
const (
	sealPhone   = "identity.phone"
	sealName    = "identity.name"
	sealCitizen = "identity.citizen_number"
	sealCard    = "identity.card"
	sealBankTel = "identity.card_phone"
	sealPlates  = "identity.plates"
	sealSaved   = "identity.saved_plates"
)

const (
	residentColumns = `r.id, r.phone, r.level, r.name, r.citizen_number, r.card, r.card_phone, r.bank, r.plates, r.saved_plates,
r.city, r.lang, r.theme, r.elder, r.created, r.proven_at, r.rev`

	residentByID    = `select ` + residentColumns + ` from resident r where r.id = $1`
	residentByPhone = `select ` + residentColumns + ` from resident r where r.phone_blind = $1`
	residentHolding = `select id from resident where citizen_blind = $1`

	insertPlate = `
insert into resident_plate (plate_blind, resident) values ($1, $2)
on conflict (plate_blind) do update set resident = excluded.resident`
	deletePlate = `delete from resident_plate where plate_blind = $1 and resident = $2`
	holderOf    = `select resident from resident_plate where plate_blind = $1`

	insertResident = `
insert into resident (id, phone, phone_blind, level, bank, city, lang, theme, elder, created, proven_at, rev)
values ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10, $11)
on conflict (phone_blind) do nothing`

	updateResident = `
update resident set level = $1, name = $2, citizen_number = $3, citizen_blind = $4, card = $5, card_phone = $6, bank = $7,
plates = $8, saved_plates = $9, city = $10, lang = $11, theme = $12, elder = $13, proven_at = $14, rev = $15
where id = $16`

	selectConsents = `select id, purpose, version, given, ended from consent where resident = $1 order by given desc, id desc`
	insertConsent  = `insert into consent (id, resident, purpose, version, given, ended) values ($1, $2, $3, $4, $5, $6)`
	endConsent     = `update consent set ended = $1 where id = $2 and ended = 0`

	selectFavourites = `select city, service, at from favourite where resident = $1 order by at desc, city, service`
	insertFavourite  = `insert into favourite (resident, city, service, at) values ($1, $2, $3, $4) on conflict (resident, city, service) do nothing`
	deleteFavourite  = `delete from favourite where resident = $1 and city = $2 and service = $3`
)

func noResident() *fault.Error {
	return fault.NotFound("resident", "没有找到这位居民，请核对编号")
}

// Join implements identity.ResidentStore.
func (s Residents) Join(ctx context.Context, r identity.Resident, events ...event.Body) (identity.Resident, error) {
	blind := s.Ring.Blind(sealPhone, r.Phone.Reveal())
	kept, err := s.scan(s.DB.QueryRow(ctx, residentByPhone, blind))
	if !errors.Is(err, sql.ErrNoRows) {
		return kept, err
	}
	f := sealing(s.Ring, "resident", r.ID)
	phone := f.seal(sealPhone, r.Phone.Reveal())
	if f.err != nil {
		return identity.Resident{}, f.err
	}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertResident, r.ID, phone, blind, r.Level, r.Wish.City, r.Wish.Lang, r.Wish.Theme, r.Wish.Elder,
			clock.Millis(r.Created), clock.Millis(r.ProvenAt), r.Rev)
		if err != nil || n == 0 {
			return err
		}
		return tx.Append(identity.Key(r.ID), events...)
	})
	if err != nil {
		return identity.Resident{}, err
	}
	return s.scan(s.DB.QueryRow(ctx, residentByPhone, blind))
}

// Resident implements identity.ResidentStore.
func (s Residents) Resident(ctx context.Context, id int64) (identity.Resident, error) {
	r, err := s.scan(s.DB.QueryRow(ctx, residentByID, id))
	return r, absent(err, noResident())
}

// Change implements identity.ResidentStore.
func (s Residents) Change(ctx context.Context, id, session int64, rule func(*identity.File) ([]event.Body, error)) (identity.File, error) {
	var before identity.File
	f, err := sqldb.Change(ctx, s.DB, identity.Key(id), func(tx *sqldb.Tx) (identity.File, error) {
		var err error
		before, err = s.load(tx, id, session)
		f := before
		f.Consents = append([]identity.Consent(nil), before.Consents...)
		f.Plates, f.SavedPlates = slices.Clone(before.Plates), slices.Clone(before.SavedPlates)
		f.People = slices.Clone(before.People)
		return f, err
	}, rule, func(tx *sqldb.Tx, f *identity.File) error { return s.save(tx, before, f) })
	if errors.Is(err, sqldb.ErrDuplicate) {
		err = errors.Join(identity.ErrTaken, err)
	}
	return f, err
}

func (s Residents) load(tx *sqldb.Tx, id, session int64) (f identity.File, err error) {
	if f.Resident, err = s.scan(tx.QueryRow(residentByID+tx.ForUpdate(), id)); err != nil {
		return f, absent(err, noResident())
	}
	rows, err := tx.Query(selectConsents, id)
	if err != nil {
		return f, err
	}
	if f.Consents, err = scanConsents(rows); err != nil {
		return f, err
	}
	if rows, err = tx.Query(selectPeople, id); err != nil {
		return f, err
	}
	if f.People, err = s.scanPeople(rows); err != nil || session == 0 {
		return f, err
	}
	f.Session, err = scanSession(tx.QueryRow(sessionByID+tx.ForUpdate(), session, id))
	return f, absent(err, fault.Denied("session", "请先登录"))
}

// save writes what a rule changed. Rev counts the changes of the resident's own row.
func (s Residents) save(tx *sqldb.Tx, before identity.File, f *identity.File) error {
	f.Rev++
	args, err := s.row(f.Resident)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(updateResident, args...); err != nil {
		return err
	}
	old := map[int64]identity.Consent{}
	for _, c := range before.Consents {
		old[c.ID] = c
	}
	if err := s.savePlates(tx, before.Resident, f.Resident); err != nil {
		return err
	}
	if err := s.savePeople(tx, before, *f); err != nil {
		return err
	}
	// Ended ones first: only one consent of a purpose is in force at a time.
	for _, c := range f.Consents {
		if was, known := old[c.ID]; known && was.Ended.IsZero() && !c.Ended.IsZero() {
			if _, err := tx.Exec(endConsent, clock.Millis(c.Ended), c.ID); err != nil {
				return err
			}
		}
	}
	for i, c := range f.Consents {
		if c.ID != 0 {
			continue
		}
		f.Consents[i].ID = s.DB.ID()
		_, err := tx.Exec(insertConsent, f.Consents[i].ID, f.ID, c.Purpose, c.Version, clock.Millis(c.Given), clock.Millis(c.Ended))
		if err != nil {
			return err
		}
	}
	if f.Swap == nil {
		return nil
	}
	return openSession(tx, *f.Swap)
}

// savePlates keeps the index of plates. Whoever proves a vehicle last holds it: it may have been sold.
func (s Residents) savePlates(tx *sqldb.Tx, before, after identity.Resident) error {
	for _, p := range before.Plates {
		if !slices.Contains(after.Plates, p) {
			if _, err := tx.Exec(deletePlate, s.Ring.Blind(sealPlates, p.Reveal()), after.ID); err != nil {
				return err
			}
		}
	}
	for _, p := range after.Plates {
		if !slices.Contains(before.Plates, p) {
			if _, err := tx.Exec(insertPlate, s.Ring.Blind(sealPlates, p.Reveal()), after.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Holder implements identity.Plates.
func (s Residents) Holder(ctx context.Context, plate seal.Text) (int64, error) {
	var id int64
	err := s.DB.QueryRow(ctx, holderOf, s.Ring.Blind(sealPlates, plate.Reveal())).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// row gives the arguments of updateResident.
func (s Residents) row(r identity.Resident) ([]any, error) {
	f := sealing(s.Ring, "resident", r.ID)
	var blind any
	if !r.CitizenNumber.IsZero() {
		blind = s.Ring.Blind(sealCitizen, r.CitizenNumber.Reveal())
	}
	plates, err := encodeTexts(r.Plates)
	if err != nil {
		return nil, err
	}
	saved, err := encodeTexts(r.SavedPlates)
	if err != nil {
		return nil, err
	}
	args := []any{
		r.Level, f.seal(sealName, r.Name.Reveal()), f.seal(sealCitizen, r.CitizenNumber.Reveal()), blind,
		f.seal(sealCard, r.Card.Reveal()), f.seal(sealBankTel, r.CardPhone.Reveal()), r.Bank, f.seal(sealPlates, plates), f.seal(sealSaved, saved),
		r.Wish.City, r.Wish.Lang, r.Wish.Theme, r.Wish.Elder, clock.Millis(r.ProvenAt), r.Rev, r.ID,
	}
	return args, f.err
}

// scan reads residentColumns, preceded by what the caller selected before them.
func (s Residents) scan(row sqldb.Row, before ...any) (identity.Resident, error) {
	var r identity.Resident
	var phone, name, citizen, card, cardPhone, plates, saved []byte
	var created, proven int64
	err := row.Scan(append(before, &r.ID, &phone, &r.Level, &name, &citizen, &card, &cardPhone, &r.Bank, &plates, &saved,
		&r.Wish.City, &r.Wish.Lang, &r.Wish.Theme, &r.Wish.Elder, &created, &proven, &r.Rev)...)
	if err != nil {
		return identity.Resident{}, err
	}
	f := sealing(s.Ring, "resident", r.ID)
	r.Phone, r.Name, r.CitizenNumber = f.text(sealPhone, phone), f.text(sealName, name), f.text(sealCitizen, citizen)
	r.Card, r.CardPhone = f.text(sealCard, card), f.text(sealBankTel, cardPhone)
	r.Created, r.ProvenAt = clock.FromMillis(created), clock.FromMillis(proven)
	proved, kept := f.open(sealPlates, plates), f.open(sealSaved, saved)
	if f.err != nil {
		return identity.Resident{}, f.err
	}
	if r.Plates, err = decodeTexts(proved); err != nil {
		return identity.Resident{}, err
	}
	r.SavedPlates, err = decodeTexts(kept)
	return r, err
}

// encodeTexts gives a list as JSON, to be sealed at once; "" for an empty one.
func encodeTexts(list []seal.Text) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	plain := make([]string, len(list))
	for i, t := range list {
		plain[i] = t.Reveal()
	}
	b, err := json.Marshal(plain)
	return string(b), err
}

func decodeTexts(s string) ([]seal.Text, error) {
	if s == "" {
		return nil, nil
	}
	var plain []string
	if err := json.Unmarshal([]byte(s), &plain); err != nil {
		return nil, errors.New("sealed list does not decode") // the cause would quote it
	}
	list := make([]seal.Text, len(plain))
	for i, p := range plain {
		list[i] = seal.Plain(p)
	}
	return list, nil
}

// Dispute implements identity.ResidentStore.
func (s Residents) Dispute(ctx context.Context, number seal.Text, made func(holder int64) event.Body) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var holder int64
		err := tx.QueryRow(residentHolding, s.Ring.Blind(sealCitizen, number.Reveal())).Scan(&holder)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Append(identity.Key(holder), made(holder))
	})
}

// Consents implements identity.ResidentStore.
func (s Residents) Consents(ctx context.Context, resident int64) ([]identity.Consent, error) {
	rows, err := s.DB.Query(ctx, selectConsents, resident)
	if err != nil {
		return nil, err
	}
	return scanConsents(rows)
}

func scanConsents(rows *sql.Rows) ([]identity.Consent, error) {
	var list []identity.Consent
	for rows.Next() {
		var c identity.Consent
		var given, ended int64
		if err := rows.Scan(&c.ID, &c.Purpose, &c.Version, &given, &ended); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		c.Given, c.Ended = clock.FromMillis(given), clock.FromMillis(ended)
		list = append(list, c)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Favourites implements identity.ResidentStore.
func (s Residents) Favourites(ctx context.Context, resident int64) ([]identity.Favourite, error) {
	rows, err := s.DB.Query(ctx, selectFavourites, resident)
	if err != nil {
		return nil, err
	}
	var list []identity.Favourite
	for rows.Next() {
		var f identity.Favourite
		var at int64
		if err := rows.Scan(&f.City, &f.Service, &at); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		f.At = clock.FromMillis(at)
		list = append(list, f)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// Favour implements identity.ResidentStore.
func (s Residents) Favour(ctx context.Context, resident int64, f identity.Favourite, on bool, events ...event.Body) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var n int64
		var err error
		if on {
			n, err = tx.Exec(insertFavourite, resident, f.City, f.Service, clock.Millis(f.At))
		} else {
			n, err = tx.Exec(deleteFavourite, resident, f.City, f.Service)
		}
		if err != nil || n == 0 {
			return err
		}
		return tx.Append(identity.Key(resident), events...)
	})
}
