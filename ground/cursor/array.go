package cursor

import "io"

// Array writes all that page gives as one JSON array, some at a time, so that it needs little memory however many there are. page gives what
// comes after a place, at most several; a shorter page is the last. one writes an element.
func Array[T interface{ Cursor() Cursor }](w io.Writer, several int, page func(after Cursor) ([]T, error), one func(T) error) error {
	begin, after := "[", Cursor{}
	for {
		list, err := page(after)
		if err != nil {
			return err
		}
		for _, x := range list {
			if _, err := io.WriteString(w, begin); err != nil {
				return err
			}
			begin = ","
			if err := one(x); err != nil {
				return err
			}
			after = x.Cursor()
		}
		if len(list) < several {
			break
		}
	}
	if begin == "," {
		begin = ""
	}
	_, err := io.WriteString(w, begin+"]\n")
	return err
}
