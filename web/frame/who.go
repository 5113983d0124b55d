package frame

import (
	"zhijian/domain/cases"
	"zhijian/door"
)

// Who is the asker as the cases room wants it.
func Who(r *door.Request) cases.Who {
	return cases.Who{Actor: r.Actor, Visitor: r.Visitor, ClientIP: r.ClientIP()}
}
