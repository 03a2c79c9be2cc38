package fixture

import (
	"crypto/rand"       // want: imports crypto/rand
	"hash/maphash"      // want: imports hash/maphash
	dice "math/rand/v2" // want: imports math/rand/v2
	"os"                // want: imports os
)

var (
	_ = rand.Reader
	_ = maphash.MakeSeed
	_ = dice.Int
	_ = os.Getenv
)
