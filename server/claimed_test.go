package server_test

import (
	"strings"
	"testing"

	"zhijian/domain/identity"
	"zhijian/store/sqldb"
	"zhijian/testkit/house"
)

// TestClaimedTwice tells the first holder of a citizen number that somebody else tried it, once a day (security.md T13).
func TestClaimedTwice(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	h.Count(t)
	database(t, h, func(tx *sqldb.Tx) error {
		rows, err := tx.Query(`select id from resident`)
		if err != nil {
			return err
		}
		var all []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			all = append(all, id)
		}
		for _, id := range all {
			// No imitation register agrees to two people with one number, so the event is written as identity writes it.
			claimed := identity.ClaimedTwice{Resident: id, By: 7}
			if err := tx.Append(identity.Key(id), claimed, claimed); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	h.Restart(t)
	p := resident(t, h, h.Resident(t, "L4", 5))
	p.until("/me/messages", "有人用您的身份证号核实身份")
	p.reads("不是您本人的话，请打", "12345")
	if n := strings.Count(p.Page.Text, "有人用您的身份证号核实身份"); n != 1 {
		t.Errorf("told %d times in a day, want once", n)
	}
	p.open("/en/me/messages")
	p.reads("Somebody used your citizen number", "If it was not you")
}
