package standing_test

import (
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/standing"
)

// BenchmarkBook reads the nation's accounts, looks one up in every circle, and searches.
func BenchmarkBook(b *testing.B) {
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		b.Fatal(err)
	}
	this, _, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		b.Fatal(err)
	}
	book := standing.New(&this, cat)
	a, ok := book.Account(this.Accounts[len(this.Accounts)/2].ID)
	if !ok {
		b.Fatal("no such account")
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			standing.New(&this, cat)
		}
	})
	for _, c := range []standing.Circle{standing.Everyone, standing.Field, standing.Town} {
		b.Run("stand "+string(c), func(b *testing.B) {
			for b.Loop() {
				book.Stand(a, standing.ByActive, c)
			}
		})
	}
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			book.Search(standing.Query{Name: "交警"}, 0, 40)
		}
	})
	b.Run("leading", func(b *testing.B) {
		for b.Loop() {
			book.Leading(standing.Query{Sector: a.Sector}, 8)
		}
	})
}
