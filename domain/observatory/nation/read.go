package nation

import (
	"fmt"
	"io/fs"
	"strings"
)

func (p *paper) readProvinces(fsys fs.FS) error {
	at := map[string]int{}
	err := each(fsys, "nation/provinces.csv", func(s *sheet, row []string) {
		code := s.text(row, "province")
		r, _ := p.tree.Find(code)
		at[code] = len(p.provinces)
		p.provinces = append(p.provinces, province{
			code: code, name: r.Name, municipality: r.Kind == "直辖市", accounts2014: s.number(row, "accounts_2014"),
			gdpRank: s.number(row, "gdp_rank"), population: s.number(row, "population_10k"),
		})
	})
	if err != nil {
		return err
	}
	err = each(fsys, "whitepaper/table1.csv", func(s *sheet, row []string) {
		v := &p.provinces[at[s.text(row, "province_code")]]
		v.accounts, v.activeRank27 = s.number(row, "accounts"), s.number(row, "active_user_rank")
	})
	if err != nil {
		return err
	}
	err = each(fsys, "whitepaper/table2.csv", func(s *sheet, row []string) {
		v := &p.provinces[at[s.text(row, "province_code")]]
		v.accounts, v.meanRank = s.number(row, "accounts"), s.number(row, "mean_active_users_rank")
	})
	if err != nil {
		return err
	}
	return each(fsys, "whitepaper/internet_plus.csv", func(s *sheet, row []string) {
		i, ok := at[s.text(row, "province_code")]
		if !ok {
			return
		}
		if rank := s.number(row, "mean_active_rank"); rank > 0 {
			p.provinces[i].meanRank = rank
		}
		relation := indexRelation{code: p.provinces[i].code, relation: s.text(row, "relation")}
		if relation.relation == "lead" || relation.relation == "lag" {
			relation.rank, relation.ahead = s.number(row, "internet_plus_rank"), s.number(row, "rank_difference")
		}
		if relation.relation != "" {
			p.index = append(p.index, relation)
		}
	})
}

func (p *paper) readPrefectures(fsys fs.FS) error {
	at := map[string]int{}
	wrong := ""
	err := each(fsys, "whitepaper/appendix1.csv", func(s *sheet, row []string) {
		code := s.text(row, "code")
		r, ok := p.tree.Find(code)
		v := prefecture{
			code: code, short: r.Short, province: p.provinceOf(code),
			accountRank: s.number(row, "account_rank"), activeRank: s.number(row, "active_user_rank"),
		}
		if !ok || v.province < 0 || v.accountRank != len(p.prefectures)+1 {
			wrong = code
		}
		at[code] = len(p.prefectures)
		p.prefectures = append(p.prefectures, v)
	})
	if err != nil {
		return err
	}
	if wrong != "" {
		return fmt.Errorf("appendix 1: %q is unknown or out of order", wrong)
	}
	return each(fsys, "whitepaper/table3.csv", func(s *sheet, row []string) {
		v := &p.prefectures[at[s.text(row, "prefecture_code")]]
		v.accounts, v.serviceShare = s.number(row, "accounts"), s.number(row, "service_account_share_pct")
	})
}

// provinceOf is -1 when none of the 31 has the code's first two digits.
func (p *paper) provinceOf(code string) int {
	for i, v := range p.provinces {
		if len(code) == 6 && v.code[:2] == code[:2] {
			return i
		}
	}
	return -1
}

func (p *paper) readSectors(fsys fs.FS) error {
	return each(fsys, "nation/sectors.csv", func(s *sheet, row []string) {
		p.sectors = append(p.sectors, line{
			id: s.text(row, "sector"), accounts: s.number(row, "accounts"), accounts2014: s.number(row, "accounts_2014"),
			users: float64(s.number(row, "users")), kept: s.number(row, "users_kept"), visitRank: s.number(row, "visit_rank"),
			clickRank: s.number(row, "click_rank"), names: strings.Split(s.text(row, "names"), ";"),
			organs: [3]string{s.text(row, "organ"), s.text(row, "organ_province"), s.text(row, "organ_nation")},
		})
	})
}

func (p *paper) readRest(fsys fs.FS) error {
	err := each(fsys, "whitepaper/city_size_members.csv", func(s *sheet, row []string) {
		p.cities = append(p.cities, fixedClass{s.text(row, "code"), s.text(row, "city_class")})
	})
	if err != nil {
		return err
	}
	err = each(fsys, "nation/named.csv", func(s *sheet, row []string) {
		p.named = append(p.named, namedAccount{
			name: s.text(row, "name"), place: s.text(row, "region"), sector: s.text(row, "sector"), users: int64(s.number(row, "users")),
		})
	})
	if err != nil {
		return err
	}
	err = each(fsys, "nation/countries.csv", func(s *sheet, row []string) {
		code := s.text(row, "country")
		p.countries = append(p.countries, code)
		p.countryName[code] = s.text(row, "name")
	})
	if err != nil {
		return err
	}
	err = each(fsys, "kinds/groups.csv", func(s *sheet, row []string) { p.groupSector[s.text(row, "id")] = s.text(row, "sector") })
	if err != nil {
		return err
	}
	return each(fsys, "kinds/kinds.csv", func(s *sheet, row []string) {
		p.kinds = append(p.kinds, kind{s.text(row, "id"), s.text(row, "group"), s.text(row, "type")})
	})
}
