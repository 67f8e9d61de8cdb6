package dev.coffer.cli.format;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a failure says to people. */
public final class FailureText {
  private FailureText() {}

  /**
   * The failure's message. Where that ends with a path alone, as those of {@link
   * FileSystemException} do, the reason is added, which is in the exception's class.
   */
  public static String of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof FileSystemException file
          && file.getReason() == null
          && message.endsWith(String.valueOf(file.getFile()))) {
        return message + reason(file);
      }
    }
    return message;
  }

  private static String reason(FileSystemException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> ": no such file or directory";
      case AccessDeniedException _ -> ": permission denied";
      case FileAlreadyExistsException _ -> ": it is there already";
      case NotDirectoryException _ -> ": not a directory";
      case DirectoryNotEmptyException _ -> ": directory not empty";
      default -> "";
    };
  }
}
