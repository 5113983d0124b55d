package store

import (
	"context"
	"strconv"

	"zhijian/domain/account"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Accounts keeps official accounts. DB is required.
type Accounts struct {
	DB   *sqldb.DB
	Memo *AccountMemo // what ByAlias read; nil remembers nothing
}

// AccountMemo remembers accounts by alias: every case that is opened asks whose it is.
type AccountMemo = sqldb.Memo[string, account.Account]

// NewAccountMemo makes an AccountMemo for the accounts that serve a city.
func NewAccountMemo(db *sqldb.DB) *AccountMemo {
	return sqldb.NewMemo[string](db, 4096, func(a account.Account) string { return accountKey(a.ID) })
}

// accountKey is the key of an account's events.
func accountKey(id int64) string { return "account/" + strconv.FormatInt(id, 10) }

var _ account.Store = Accounts{}

const (
	accountColumns = `id, alias, name, en, kind, department, region, sector, verified, intro, intro_en, sign, opened`
	accountByAlias = `select ` + accountColumns + ` from account where alias = $1`
	accountByID    = `select ` + accountColumns + ` from account where id = $1`
	accountsOf     = `select ` + accountColumns + ` from account where region = $1 or $1 = '' order by name, id`
	insertAccount  = `
insert into account (` + accountColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (alias) do nothing`
	updateAccount = `
update account set name = $1, en = $2, kind = $3, department = $4, region = $5, sector = $6, verified = $7, intro = $8, intro_en = $9, sign = $10
where id = $11`
)

func noAccount() *fault.Error {
	return fault.NotFound("account", "没有找到这个公众号，可能已经改名或停用")
}

// Put implements account.Store. When an account was opened never changes.
func (s Accounts) Put(ctx context.Context, a account.Account, events ...event.Body) (account.Account, error) {
	var kept account.Account
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertAccount, a.ID, a.Alias, a.Name, a.En, string(a.Kind), a.Department, a.Region, a.Sector, a.Verified,
			a.Intro, a.IntroEn, a.Sign, clock.Millis(a.Opened))
		if err != nil {
			return err
		}
		kept = a
		if n == 0 {
			old, err := scanAccount(tx.QueryRow(accountByAlias+tx.ForUpdate(), a.Alias))
			if err != nil {
				return err
			}
			kept.ID, kept.Opened = old.ID, old.Opened
			if kept == old {
				return nil // already so
			}
			_, err = tx.Exec(updateAccount, a.Name, a.En, string(a.Kind), a.Department, a.Region, a.Sector, a.Verified,
				a.Intro, a.IntroEn, a.Sign, old.ID)
			if err != nil {
				return err
			}
		}
		return tx.Append(accountKey(kept.ID), events...)
	})
	return kept, err
}

// ByAlias implements account.Store.
func (s Accounts) ByAlias(ctx context.Context, alias string) (account.Account, error) {
	a, err := s.Memo.Get(alias, func() (account.Account, error) { return scanAccount(s.DB.QueryRow(ctx, accountByAlias, alias)) })
	return a, absent(err, noAccount())
}

// Account implements account.Store.
func (s Accounts) Account(ctx context.Context, id int64) (account.Account, error) {
	a, err := scanAccount(s.DB.QueryRow(ctx, accountByID, id))
	return a, absent(err, noAccount())
}

// Of implements account.Store.
func (s Accounts) Of(ctx context.Context, region string) ([]account.Account, error) {
	rows, err := s.DB.Query(ctx, accountsOf, region)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, scanAccount)
}

func scanAccount(row sqldb.Row) (account.Account, error) {
	var a account.Account
	var opened int64
	err := row.Scan(&a.ID, &a.Alias, &a.Name, &a.En, &a.Kind, &a.Department, &a.Region, &a.Sector, &a.Verified,
		&a.Intro, &a.IntroEn, &a.Sign, &opened)
	a.Opened = clock.FromMillis(opened)
	return a, err
}
