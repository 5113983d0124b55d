package server

import (
	"context"
	"fmt"

	"zhijian/domain/account"
	"zhijian/domain/department"
	"zhijian/ground/actor"
)

// openCities opens the departments and accounts that city packs name, through the desks. What is there and the same
// already is left alone, so that a restart records nothing.
func (h *House) openCities(ctx context.Context) error {
	for _, code := range h.facts.catalogue.Cities() {
		pack, ok := h.facts.catalogue.City(code)
		if !ok {
			continue
		}
		ids := map[string]int64{}
		for _, s := range pack.Departments {
			d, err := h.rooms.department.Put(ctx, actor.House, department.Department{
				Slug: s.Slug, Name: s.Name.Zh, En: s.Name.En, Region: pack.City, Level: s.Level, Sector: s.Sector, Phone: s.Phone,
			})
			if err != nil {
				return fmt.Errorf("department %s: %w", s.Slug, err)
			}
			ids[s.Slug] = d.ID
		}
		for _, s := range pack.Accounts {
			_, err := h.rooms.account.Put(ctx, actor.House, account.Account{
				Alias: s.Alias, Name: s.Name.Zh, En: s.Name.En, Kind: account.Kind(s.Kind), Department: ids[s.Department], Region: pack.City,
				Sector: s.Sector, Verified: true, Intro: s.Intro.Zh, IntroEn: s.Intro.En, Sign: s.Sign,
			})
			if err != nil {
				return fmt.Errorf("account %s: %w", s.Alias, err)
			}
		}
	}
	return nil
}
