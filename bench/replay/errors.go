package replay

import "errors"

// The errors of resuming, found before anything is submitted.
var (
	// ErrForeign: the store holds a desk whose last command is not of this stream.
	ErrForeign = errors.New("the store holds another stream")
	// ErrConfig: the store's desk was begun with another configuration.
	ErrConfig = errors.New("the store's desk was begun with another configuration")
)
