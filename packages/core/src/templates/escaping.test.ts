import { describe, expect, it } from 'vitest';
import { compile, htmlOf, refusal, smsOf, subjectOf } from './compiling.test-kit.ts';

describe('a tag is escaped for where it stands', () => {
  it.each([
    ['in text', '<p>{{ x }}</p>', '<b>&', '<p>&lt;b&gt;&amp;</p>'],
    ['in a quoted attribute', '<p title="{{ x }}">', '" onclick="x', '<p title="&quot; onclick=&quot;x">'],
    [
      'in an attribute without quotes',
      '<td width={{ x }} class=y>',
      '1 onclick=x',
      '<td width="1 onclick=x" class=y>',
    ],
    ['in an empty attribute without quotes', '<td width={{ x }} class=y>', '', '<td width="" class=y>'],
    [
      'as a whole link',
      '<a href="{{ x }}">',
      'https://x.dk/?a=1&b=2',
      '<a href="https://x.dk/?a=1&amp;b=2">',
    ],
    ['as a link that runs something', '<a href="{{ x }}">', ' JAVA\tSCRIPT:alert(1)', '<a href="#">'],
    ['as a link to data', '<img src="{{ x }}">', 'data:text/html,x', '<img src="#">'],
    [
      'as the path of a link',
      '<a href="https://x.dk/{{ x }}/y">',
      'a/b?c#d',
      '<a href="https://x.dk/a/b%3Fc%23d/y">',
    ],
    ['in the query of a link', '<a href="/?q={{ x }}">', 'a&b=c d', '<a href="/?q=a%26b%3Dc%20d">'],
    ['behind another tag in a link', '<a href="{{ y }}{{ x }}">', ':alert(1)', '<a href="%3Aalert(1)">'],
    [
      'as an address of email',
      '<a href="mailto:{{ x }}">',
      'a+b@x.dk?bcc=c',
      '<a href="mailto:a+b@x.dk%3Fbcc%3Dc">',
    ],
    ['as a number to text', '<a href="{{ x }}">', 'sms:+4512345678', '<a href="sms:+4512345678">'],
    ['as a telephone number', '<a href="tel:{{ x }}">', '+4512345678', '<a href="tel:+4512345678">'],
    ['as a colour', '<p style="color: {{ x }}">', '#c00', '<p style="color: #c00">'],
    ['as a value of style', '<p style="color: {{ x }}">', 'red;a:b', '<p style="color: red\\3b a\\3a b">'],
    [
      'as an image of style',
      '<p style="background: url({{ x }})">',
      "javascript:x');",
      '<p style="background: url(#)">',
    ],
    [
      'in an Outlook comment',
      '<!--[if mso]><b>{{ x }}</b><![endif]-->',
      '--><b>',
      '<!--[if mso]><b>--&gt;&lt;b&gt;</b><![endif]-->',
    ],
    ['in a title', '<title>{{ x }}</title>', '</title><b>', '<title>&lt;/title&gt;&lt;b&gt;</title>'],
  ])('%s', async (_, html, x, expected) => {
    expect(await htmlOf(html, { x })).toBe(expected);
  });

  it('in a subject: on one line', async () => {
    expect(await subjectOf('Hi {{ x }}\n  there', { x: 'Anna\r\nBcc: b@x.dk' })).toBe(
      'Hi Anna Bcc: b@x.dk there',
    );
  });

  it('in a text message: as it is', async () => {
    expect(await smsOf('{{ x }}', { x: '<Anna> & "Bo"\nÆrø 👋' })).toBe('<Anna> & "Bo"\nÆrø 👋');
  });

  it('once, also where the template escapes it itself', async () => {
    expect(await htmlOf('{{ x | escape }} <a href="/?q={{ x | url_encode }}">', { x: 'a&b' })).toBe(
      'a&amp;b <a href="/?q=a%26b">',
    );
  });

  it('with its line breaks, where the template asks for them', async () => {
    expect(await htmlOf('{{ x | newline_to_br }}', { x: 'a<\nb' })).toBe('a&lt;<br>\nb');
  });

  it('where it is shown, not where it was captured', async () => {
    expect(await htmlOf('{% capture c %}<b>{{ x }}</b>{% endcapture %}{{ c }}', { x: '&' })).toBe(
      '&lt;b&gt;&amp;&lt;/b&gt;',
    );
  });

  it.each([
    ['<script>x = "{{ x }}"</script>', 'in <script>'],
    ['<style>p { color: {{ x }} }</style>', 'in <style>'],
    ['<!-- {{ x }} -->', 'in a comment'],
    ['<{{ x }}>', 'right behind a “<”'],
    ['<p {{ x }}>', 'among the attributes'],
    ['<p {{ x }}="y">', 'among the attributes'],
    ['<p data-{{ x }}="y">', 'in the name of the attribute data-'],
    ['<p onclick="{{ x }}">', 'in the attribute onclick'],
    ['<iframe srcdoc="{{ x }}">', 'in <iframe>'],
    ['<img srcset="{{ x }}">', 'in the attribute srcset'],
    ['<a href="javascript:say({{ x }})">', 'that begins with “javascript:”'],
    ['<a href="javascript&#58;{{ x }}">', 'behind an “&”'],
    ['<a href="{{ x }}:say()">', 'where a URL’s scheme would'],
    ['<p style="{{ x }}: red">', 'where a property’s name would'],
    ['<p width=1{{ x }}>', 'no quotes'],
    ['<p title="{% if a %}x">{% else %}y{% endif %}', 'Some branches end'],
    ['{% for a in b %}<p title="{% endfor %}', 'Some branches end'],
    ['{% for a in b %}<p title="{% if a %}{% break %}{% endif %}">{% endfor %}', 'Some branches end'],
  ])('or refused where nothing makes it safe: %s', async (html, where) => {
    const error = await refusal(compile({ email: { subject: 'Hi', html: `<p>\n${html}` } }));
    expect(error).toMatchObject({ code: 'template_unsafe', path: 'email.html' });
    expect(error.message).toContain(where);
    expect(error.message).toContain('email.html, line 2, column');
    expect(error.advice).toBeTruthy();
  });

  it('or refused in a title that holds HTML, which it is in a drawing', async () => {
    const html = '<svg><title><a href="{{ x }}">Hi</a></title></svg>';
    const error = await refusal(compile({ email: { subject: 'Hi', html } }));
    expect(error).toMatchObject({ code: 'template_unsafe', path: 'email.html' });
    expect(error.message).toContain('An HTML tag stands in <title>');
  });
});
