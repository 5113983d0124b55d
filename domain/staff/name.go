package staff

import (
	"context"

	"zhijian/ground/fault"
)

// Name is what colleagues read of a member: the name, or the user where there is none; "" for one who is not there.
func (d *Desk) Name(ctx context.Context, id int64) (_ string, err error) {
	defer fault.Wrap(&err, "name member %d", id)
	m, err := d.c.Store.Member(ctx, id)
	switch {
	case fault.Is(err, fault.KindNotFound):
		return "", nil
	case err != nil:
		return "", err
	case m.Name != "":
		return m.Name, nil
	}
	return m.User, nil
}
