// SPDX-License-Identifier: Apache-2.0
// The kernel's word that files were written (inotify), for `watchpost-sync` alone. Nothing here keeps state.
#pragma once

/// A descriptor that is readable when a file in one of its directories was written; -1 and errno.
int wp_watch_directories(void);
/// 0, or an errno.
int wp_watch_directory(int descriptor, const char *path);
/// Forgets what it has told.
void wp_watch_drain(int descriptor);
