// Package strict reads answers and notices from outside into the structs of those who asked.
package strict

import (
	"encoding/json"
	"fmt"

	"zhijian/ground/strict"
)

// Into reads b as ground/strict does and then into v, a pointer to a struct, whose unknown members are ignored.
func Into(b []byte, v any) error {
	if _, err := strict.JSON(b, strict.Clean); err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("not the expected JSON: %w", err)
	}
	return nil
}
