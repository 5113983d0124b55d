package nation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"zhijian/domain/observatory"
)

// Months of the two counts.
const (
	thisMonth = "2015-08"
	lastMonth = "2014-08"
)

// facts writes accounts and months of both editions, in canonical order: ids count up.
func facts(all []account, scale int) (this, last observatory.Facts) {
	sectors := make([]string, 54)
	for s := range sectors {
		sectors[s] = fmt.Sprintf("f%02d", s+1)
	}
	this.Accounts = make([]observatory.Account, 0, len(all)*scale)
	this.Months = make([]observatory.Month, 0, len(all)*scale)
	for copied := range scale {
		for i := range all {
			a := &all[i]
			name := a.name
			if copied > 0 {
				name += "·" + strconv.Itoa(copied+1)
			}
			kind := observatory.Subscription
			if a.serves {
				kind = observatory.Serving
			}
			one := observatory.Account{
				ID: fmt.Sprintf("sim%07d", copied*len(all)+i+1), Name: name + mark, Region: a.region, Country: a.country, Level: a.level,
				Sector: sectors[a.sector], Institution: a.institution, Kind: kind, Verified: a.verified, Opened: a.opened,
				Department: a.department,
			}
			this.Accounts = append(this.Accounts, one)
			this.Months = append(this.Months, month(one.ID, thisMonth, a.use))
			if a.last {
				last.Accounts = append(last.Accounts, one)
				last.Months = append(last.Months, month(one.ID, lastMonth, a.before))
			}
		}
	}
	return this, last
}

func month(id, of string, u use) observatory.Month {
	return observatory.Month{Account: id, Month: of, Active: u.users, Clicks: u.clicks, Visits: u.visits}
}

// rosters are the bases of ownership rates: all departments of the nation, of 浙江 and of 杭州, and one police and one tourism department
// for each province and prefecture.
func (c *census) rosters() []observatory.Roster {
	list := []observatory.Roster{
		{Region: "000000", Level: observatory.National, Departments: 42},
		{Region: "330000", Level: observatory.Provincial, Departments: 53},
		{Region: "330100", Level: observatory.Municipal, Departments: 50},
	}
	for _, sector := range []string{"f01", "f09"} {
		for _, v := range c.paper.provinces {
			list = append(list, observatory.Roster{Region: v.code, Level: observatory.Provincial, Sector: sector, Departments: 1})
		}
		for _, v := range c.prefectures {
			list = append(list, observatory.Roster{Region: v.code, Level: observatory.Municipal, Sector: sector, Departments: 1})
		}
	}
	slices.SortFunc(list, func(a, b observatory.Roster) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Sector, b.Sector))
	})
	return list
}
