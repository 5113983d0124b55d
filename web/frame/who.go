package frame

import (
	"zhijian/domain/cases"
	"zhijian/door"
)

// Who is the asker as the cases room wants it.
func Who(r *door.Request) cases.Who {
	who := cases.Who{Actor: r.Actor, Visitor: r.Visitor, ClientIP: r.ClientIP()}
	if r.SignedIn() {
		who.Known = &r.Resident
	}
	return who
}
