// SPDX-License-Identifier: Apache-2.0
// The kernel's word that files were written (inotify), and the size of the process, for `watchpost-sync`
// alone. Nothing here keeps state.
#pragma once

/// A descriptor that is readable when a file in one of its directories was written; -1 and errno.
int wp_watch_directories(void);
/// 0, or an errno.
int wp_watch_directory(int descriptor, const char *path);
/// Forgets what it has told.
void wp_watch_drain(int descriptor);

/// Before anything else: the heap stays as small as what is in it.
void wp_heap_small(void);
/// Lets go of the pages of code and constants: those of the start are never needed again, others come back
/// from the file when they are.
void wp_forget_code(void);
