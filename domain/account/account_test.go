package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/account"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func police() account.Account {
	return account.Account{
		Alias: "hzjj", Name: "杭州交警（演示）", En: "Hangzhou Traffic Police", Kind: account.Service, Department: 7, Region: "330100",
		Sector: "public-security", Verified: true, Intro: "查违法、缴罚款", IntroEn: "Fines", Sign: "警",
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c, ctx := testkit.Clock(), context.Background()
		d, err := account.New(account.Config{Store: store.Accounts{DB: db}, Clock: c, IDs: &uid.Maker{Clock: c}})
		if err != nil {
			t.Fatal(err)
		}
		events := func(id int64) (n int) {
			if err := db.QueryRow(ctx, `select count(*) from event where name = 'account.registered' and account = $1`, id).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		first, err := d.Put(ctx, actor.House, police())
		if err != nil || first.ID == 0 || !first.Opened.Equal(c.Now()) {
			t.Fatal(first, err)
		}
		c.Advance(time.Hour)
		again, err := d.Put(ctx, actor.House, police())
		if err != nil || again != first || events(first.ID) != 1 {
			t.Errorf("the same again: %+v, %d events, %v", again, events(first.ID), err)
		}
		changed := police()
		changed.Intro, changed.Verified = "换了一句", false
		got, err := d.Put(ctx, actor.House, changed)
		if err != nil || got.ID != first.ID || got.Verified || !got.Opened.Equal(first.Opened) || events(first.ID) != 2 {
			t.Errorf("changed: %+v, %d events, %v", got, events(first.ID), err)
		}
		byAlias, err := d.ByAlias(ctx, "hzjj")
		if diff := cmp.Diff(got, byAlias); err != nil || diff != "" {
			t.Error(err, diff)
		}
		byID, err := d.Account(ctx, first.ID)
		if diff := cmp.Diff(got, byID); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if list, err := d.Of(ctx, "330100"); err != nil || len(list) != 1 {
			t.Errorf("of the city: %d, %v", len(list), err)
		}
		if list, err := d.Of(ctx, "330200"); err != nil || len(list) != 0 {
			t.Errorf("of another city: %d, %v", len(list), err)
		}
		_, err = d.ByAlias(ctx, "hzjj' or 1=1 --")
		if !fault.Is(err, fault.KindNotFound) {
			t.Errorf("absent: %v", err)
		}
		if _, err := d.Put(ctx, actor.Actor{Kind: actor.Staff, ID: 1}, police()); !fault.Is(err, fault.KindDenied) {
			t.Errorf("staff puts: %v", err)
		}
		_, err = d.Put(ctx, actor.House, account.Account{Alias: "X", Name: "x", Kind: "shop", Region: "3", Sign: "警察"})
		if f := fault.Of(err); f == nil || len(f.All()) != 6 {
			t.Errorf("faults: %v", err)
		}
	})
}
